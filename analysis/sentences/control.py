"""The sentences for what is out of the ordinary over the rounds: for the chart `control`.

What is said goes no further than the limits that `signals` gives; of few rounds it says how many there are.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.frames.control_signals import GAP, figure, newest
from analysis.frames.frame import QUESTIONS, Row, known
from analysis.frames.schema import SILENT
from analysis.frames.series import lines, mergers, new_wordings, why_dotted
from analysis.measures.p_chart import FEWEST, SETTLED
from analysis.sentences.findings import NAMED, counts_words, gap_number, share_words
from analysis.sentences.trend import listed, period
from analysis.texts import N_, Texts, say

TOO_FEW = {
    "patient": N_("För få mätomgångar för att säga vad som är ovanligt i patienternas svar"),
    "provider": N_("För få mätomgångar för att säga vad som är ovanligt i vårdens svar"),
    "gap": N_("För få mätomgångar för att säga vad som är ovanligt i skillnaden"),
}
FEW_SHOWN = {
    "patient": N_("För få svar från patienterna för att visa hur de varierar"),
    "provider": N_("För få svar från vården för att visa hur de varierar"),
    "gap": N_("För få svar för att visa hur skillnaden varierar"),
}
SIGNAL = {
    "patient": N_("Mer än vanlig variation i patienternas svar: %(questions)s"),
    "provider": N_("Mer än vanlig variation i vårdens svar: %(questions)s"),
    "gap": N_("Mer än vanlig variation i skillnaden mellan vården och patienterna: %(questions)s"),
}
NO_SIGNAL = {
    "patient": N_("Inget utöver vanlig variation går att se i patienternas svar"),
    "provider": N_("Inget utöver vanlig variation går att se i vårdens svar"),
    "gap": N_("Inget utöver vanlig variation går att se i skillnaden mellan vården och patienterna"),
}
MEASURE = {
    "patient": N_("Andel patienter som svarar ja, %(place)s, %(period)s."),
    "provider": N_("Andel i vården som svarar ja, %(place)s, %(period)s."),
    "gap": N_("Vårdens andel ja minus patienternas, i procentenheter, %(place)s, %(period)s."),
}
ROUNDS_LEFT = N_("för få omgångar: %(number)s av %(least)s")
PRELIMINARY = N_("preliminära gränser")
RUN = N_("länge på samma sida")
LINE = {1: N_("gränser kring en linje som stiger"), -1: N_("gränser kring en linje som sjunker")}


def _side(table: pd.DataFrame) -> str:
    return str(table["side"].iloc[0])


def headline(table: pd.DataFrame, texts: Texts) -> str:
    """Return which questions show more than the ordinary, since their limits last began."""
    side, ends = _side(table), {question: newest(own) for (_, question), own in lines(table).items()}
    if table["status"].isin(SILENT).all():
        return say(texts, FEW_SHOWN[side])
    judged = {question: own for question, own in ends.items() if own[-1]["stage"] != "few"}
    if not judged:
        return say(texts, TOO_FEW[side])
    found = [q for q in QUESTIONS if q in judged and any(row["signal"] or row["run"] for row in judged[q])]
    if len(found) > NAMED:
        return say(texts, SIGNAL[side], questions=listed(found, texts))
    if found:
        told = [f"{texts.question(q)} ({_told(judged[q], side, texts)})" for q in found]
        return say(texts, SIGNAL[side], questions=", ".join(told))
    return say(texts, NO_SIGNAL[side])


def _told(own: Sequence[Row], side: str, texts: Texts) -> str:
    """Return what is out of the ordinary on a question: the newest round outside a limit, else the long run."""
    outside = [row for row in own if row["signal"]]
    if not outside:
        return say(texts, RUN)
    row = outside[-1]
    higher = row[figure(side)] > row["center"]
    words = N_("högre än vanligt %(round)s") if higher else N_("lägre än vanligt %(round)s")
    return say(texts, words, round=texts.round_name(row["round"]))


def subtitle(table: pd.DataFrame, texts: Texts) -> str:
    """Return measure, place, rounds, the rounded number of answers, and the rounds that limits take."""
    side, place = _side(table), texts.place(str(table["place"].iloc[0]))
    if side == GAP:
        counted = counts_words(list(table["patients"]), list(table["providers"]), texts)
    else:
        counts: list[float] = list(table["n"])
        counted = counts_words(*((counts, []) if side == "patient" else ([], counts)), texts)
    least = N_("Gränser ritas från %(least)s mätomgångar med samma formulering och tillräckligt säkra siffror.")
    measure = say(texts, MEASURE[side], place=place, period=period(table, texts))
    return " ".join(filter(None, (measure, counted, say(texts, least, least=texts.number(FEWEST)))))


def notes(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Return the legend of the marks, as far as they occur."""
    side, status, parts = _side(table), set(table["status"]), []
    if (table["stage"] != "few").any():
        parts.append(say(texts, N_("Heldragen grå linje: mitten. Streckade: gränser för vanlig variation.")))
    if (table["way"] != 0).any():
        parts.append(say(texts, N_("Sned mitt: frågan stiger eller sjunker genom omgångarna, och jämförs med linjen.")))
    if table["signal"].any():
        parts.append(say(texts, N_("Ring: utanför gränserna.")))
    if (table["stage"] == "preliminary").any():
        less = N_("Preliminära gränser: färre än %(number)s omgångar.")
        parts.append(say(texts, less, number=texts.number(SETTLED)))
    if "hollow" in status:
        parts.append(say(texts, N_("Ihålig markering: osäkert, och inte prövat.")))
    if "interval" in status:
        parts.append(say(texts, N_("Lodrätt streck: för osäkert för en andel.")))
    if side == GAP:
        parts.append(say(texts, N_("Över noll: vården svarar ja oftare.")))
    if status & set(SILENT):
        parts.append(say(texts, N_("Kryss: för få svar, eller för osäkert.")))
    return parts + why_dotted(table, texts)


def under_panel(own: Sequence[Row], texts: Texts) -> str:
    """Return a few words for a question's panel: the stage of its limits, a long run, a rising or falling line."""
    last = own[-1]
    if last["stage"] == "few":
        return say(texts, ROUNDS_LEFT, number=texts.number(last["rounds"]), least=texts.number(FEWEST))
    if last["run"]:
        return say(texts, RUN)
    if way := max((row["way"] for row in newest(own)), key=abs):
        return say(texts, LINE[int(way)])
    return say(texts, PRELIMINARY) if last["stage"] == "preliminary" else ""


def words(row: Row, side: str, texts: Texts) -> str:
    """Return a round's figure in words."""
    return gap_number(row, texts) if side == GAP else share_words(row, texts)


def _limits(own: Sequence[Row], side: str, texts: Texts) -> list[str]:
    """Return the middle and the newest limits of a question, and the rounds outside them."""
    with_limits = [row for row in newest(own) if known(row["center"])]
    if not with_limits:
        return []
    last = with_limits[-1]
    write = texts.points if side == GAP else texts.percent
    ends = {name: write(last[name]) for name in ("center", "lower", "upper")}
    said = [say(texts, N_("mitten %(center)s, gränser %(lower)s till %(upper)s"), **ends)]
    if outside := [row for row in with_limits if row["signal"]]:
        rounds = ", ".join(f"{texts.round_name(row['round'])} {words(row, side, texts)}" for row in outside)
        said.append(say(texts, N_("utanför gränserna %(rounds)s"), rounds=rounds))
    return said


def lines_of(table: pd.DataFrame, texts: Texts) -> list[str]:
    """Return each panel in words: newest figure, limits, signals, hidden rounds, new wordings."""
    said, side = [], _side(table)
    for (_, question), own in sorted(lines(table).items(), key=lambda line: QUESTIONS.index(line[0][1])):
        parts = [f"{texts.round_name(own[-1]['round'])} {words(own[-1], side, texts)}", *_limits(own, side, texts)]
        parts.append(under_panel(own, texts))
        for sentence, rounds in (
            (N_("för få svar %(rounds)s"), [row["round"] for row in own if row["status"] == "hidden"]),
            (N_("för osäkert %(rounds)s"), [row["round"] for row in own if row["status"] == "unsure"]),
            (N_("ny formulering %(rounds)s"), new_wordings(own)),
            (N_("sammanslagen %(rounds)s"), mergers(own)),
        ):
            if rounds:
                parts.append(say(texts, sentence, rounds=", ".join(texts.round_name(key) for key in rounds)))
        said.append(f"{texts.question(question)}: {'; '.join(filter(None, parts))}.")
    return said
