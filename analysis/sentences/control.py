"""The sentences for what is out of the ordinary over the rounds: for the chart `control`.

What is said goes no further than the limits that `signals` gives; of few rounds it says how many there are.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.frames.control_signals import GAP, newest_stretch, value_column
from analysis.frames.frame import QUESTIONS, Row, is_known
from analysis.frames.schema import WITHOUT_FIGURE
from analysis.frames.series import break_notes, lines, mergers, new_wordings
from analysis.localisation import N_, Localisation, translate
from analysis.measures.p_chart import MIN_ROUNDS, MIN_ROUNDS_SETTLED
from analysis.sentences.findings import MAX_NAMED, counts_text, gap_number, share_text
from analysis.sentences.trend import listed, period

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


def headline(table: pd.DataFrame, texts: Localisation) -> str:
    """Return which questions show more than the ordinary, since their limits last began."""
    side, ends = _side(table), {question: newest_stretch(own) for (_, question), own in lines(table).items()}
    if table["status"].isin(WITHOUT_FIGURE).all():
        return translate(texts, FEW_SHOWN[side])
    judged = {question: own for question, own in ends.items() if own[-1]["stage"] != "few"}
    if not judged:
        return translate(texts, TOO_FEW[side])
    found = [q for q in QUESTIONS if q in judged and any(row["signal"] or row["run"] for row in judged[q])]
    if len(found) > MAX_NAMED:
        return translate(texts, SIGNAL[side], questions=listed(found, texts))
    if found:
        signals = [f"{texts.question(q)} ({_signal_text(judged[q], side, texts)})" for q in found]
        return translate(texts, SIGNAL[side], questions=", ".join(signals))
    return translate(texts, NO_SIGNAL[side])


def _signal_text(own: Sequence[Row], side: str, texts: Localisation) -> str:
    """Return what is out of the ordinary on a question: the newest round outside a limit, else the long run."""
    outside = [row for row in own if row["signal"]]
    if not outside:
        return translate(texts, RUN)
    row = outside[-1]
    higher = row[value_column(side)] > row["center"]
    words = N_("högre än vanligt %(round)s") if higher else N_("lägre än vanligt %(round)s")
    return translate(texts, words, round=texts.round_name(row["round"]))


def subtitle(table: pd.DataFrame, texts: Localisation) -> str:
    """Return measure, place, rounds, the rounded number of answers, and the rounds that limits take."""
    side, place = _side(table), texts.place(str(table["place"].iloc[0]))
    if side == GAP:
        counted = counts_text(list(table["patients"]), list(table["providers"]), texts)
    else:
        counts: list[float] = list(table["n"])
        counted = counts_text(*((counts, []) if side == "patient" else ([], counts)), texts)
    least = N_("Gränser ritas från %(least)s mätomgångar med samma formulering och tillräckligt säkra siffror.")
    measure = translate(texts, MEASURE[side], place=place, period=period(table, texts))
    return " ".join(filter(None, (measure, counted, translate(texts, least, least=texts.number(MIN_ROUNDS)))))


def notes(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return the legend of the marks, as far as they occur."""
    side, status, parts = _side(table), set(table["status"]), []
    if (table["stage"] != "few").any():
        parts.append(translate(texts, N_("Heldragen grå linje: mitten. Streckade: gränser för vanlig variation.")))
    if (table["direction"] != 0).any():
        parts.append(
            translate(texts, N_("Sned mitt: frågan stiger eller sjunker genom omgångarna, och jämförs med linjen."))
        )
    if table["signal"].any():
        parts.append(translate(texts, N_("Ring: utanför gränserna.")))
    if (table["stage"] == "preliminary").any():
        less = N_("Preliminära gränser: färre än %(number)s omgångar.")
        parts.append(translate(texts, less, number=texts.number(MIN_ROUNDS_SETTLED)))
    if "hollow" in status:
        parts.append(translate(texts, N_("Ihålig markering: osäkert, och inte prövat.")))
    if "interval" in status:
        parts.append(translate(texts, N_("Lodrätt streck: för osäkert för en andel.")))
    if side == GAP:
        parts.append(translate(texts, N_("Över noll: vården svarar ja oftare.")))
    if status & set(WITHOUT_FIGURE):
        parts.append(translate(texts, N_("Kryss: för få svar, eller för osäkert.")))
    return parts + break_notes(table, texts)


def panel_note(own: Sequence[Row], texts: Localisation) -> str:
    """Return a few words for a question's panel: the stage of its limits, a long run, a rising or falling line."""
    last = own[-1]
    if last["stage"] == "few":
        return translate(texts, ROUNDS_LEFT, number=texts.number(last["rounds"]), least=texts.number(MIN_ROUNDS))
    if last["run"]:
        return translate(texts, RUN)
    if direction := max((row["direction"] for row in newest_stretch(own)), key=abs):
        return translate(texts, LINE[int(direction)])
    return translate(texts, PRELIMINARY) if last["stage"] == "preliminary" else ""


def figure_text(row: Row, side: str, texts: Localisation) -> str:
    """Return a round's figure in words."""
    return gap_number(row, texts) if side == GAP else share_text(row, texts)


def _limits(own: Sequence[Row], side: str, texts: Localisation) -> list[str]:
    """Return the middle and the newest limits of a question, and the rounds outside them."""
    with_limits = [row for row in newest_stretch(own) if is_known(row["center"])]
    if not with_limits:
        return []
    last = with_limits[-1]
    write = texts.points if side == GAP else texts.percent
    ends = {name: write(last[name]) for name in ("center", "lower", "upper")}
    parts = [translate(texts, N_("mitten %(center)s, gränser %(lower)s till %(upper)s"), **ends)]
    if outside := [row for row in with_limits if row["signal"]]:
        rounds = ", ".join(f"{texts.round_name(row['round'])} {figure_text(row, side, texts)}" for row in outside)
        parts.append(translate(texts, N_("utanför gränserna %(rounds)s"), rounds=rounds))
    return parts


def lines_of(table: pd.DataFrame, texts: Localisation) -> list[str]:
    """Return each panel in words: newest figure, limits, signals, hidden rounds, new wordings."""
    sentences, side = [], _side(table)
    for (_, question), own in sorted(lines(table).items(), key=lambda line: QUESTIONS.index(line[0][1])):
        parts = [
            f"{texts.round_name(own[-1]['round'])} {figure_text(own[-1], side, texts)}",
            *_limits(own, side, texts),
        ]
        parts.append(panel_note(own, texts))
        for sentence, rounds in (
            (N_("för få svar %(rounds)s"), [row["round"] for row in own if row["status"] == "hidden"]),
            (N_("för osäkert %(rounds)s"), [row["round"] for row in own if row["status"] == "unsure"]),
            (N_("ny formulering %(rounds)s"), new_wordings(own)),
            (N_("sammanslagen %(rounds)s"), mergers(own)),
        ):
            if rounds:
                parts.append(translate(texts, sentence, rounds=", ".join(texts.round_name(key) for key in rounds)))
        sentences.append(f"{texts.question(question)}: {'; '.join(filter(None, parts))}.")
    return sentences
