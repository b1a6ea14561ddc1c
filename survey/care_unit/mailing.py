"""Mailings: a unit pastes a list of addresses or numbers; each gets a message with a code, or all get a reminder.

The list is read in memory and comes back in the form, with what would be sent; then its messages are sealed. A list
with faults comes back with every faulty line and its reason, and nothing is sent.
"""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey.care_unit.channel_templates import address_of, template_renderer
from survey.care_unit.unavailable import why_too_many
from survey.channels.channel import Channel, LinkOrder, Mailer
from survey.channels.transport.messages import STOP_REASONS, Message
from survey.channels.transport.recipients import NOT_ASCII, Recipient, Recipients, read_recipients
from survey.domain.places.place_tree import Place
from survey.domain.rounds.access_codes import grouped
from survey.domain.rounds.lifecycle import Round, RoundError
from survey.domain.text.clean_text import clean_text, random_placeholder
from survey.domain.text.i18n import N_
from survey.domain.text.text_encodings import UndecodableFile, decode_text
from survey.sealing.intake import sealed_messages
from survey.sealing.intake.allowance import AllowanceExceeded
from survey.sealing.intake.sealed_messages import Mailing, StillSending
from survey.store.channels import transports
from survey.store.database.engine import read_transaction, write_transaction
from survey.web.i18n.language import find, languages, offered_languages
from survey.web.request import services
from survey.web.signin.views import signed_in
from survey.web.staff import audit_log
from survey.web.staff.fault_sentences import sentence
from survey.web.staff.forms import NO_CHOICE
from survey.worker.sending import send_one

MAX_FILE_SIZE = 2 * 1024 * 1024
MAX_NAMED, MAX_SKIPPED = 50, 1_000
KINDS = ("invitation", "reminder")
SUBJECTS = {"patient": N_("Sju frågor om din vård"), "provider": N_("Sju frågor om hur ni arbetar")}
BOTH = N_("Du har både klistrat in en lista och valt en fil. Ta bort den ena, så att det är tydligt vilken som gäller.")
_CODE, _LINK = random_placeholder(), random_placeholder()

Words = Mapping[str, tuple[str, str]]


def ask(place: Place, round_: Round, channel: Channel, **context: Any) -> str:
    """Return the form's page, empty or with what was typed and what is wrong with it."""
    spoken = offered_languages()
    usual = {"role": channel.roles[0], "kind": KINDS[0], "language": spoken[0].tag, "list": "", "skip": ""}
    chosen = usual | {name: request.form[name] for name in usual if name in request.form}
    parts_of, role = _sending(channel).count_parts, chosen["role"] if chosen["role"] in SUBJECTS else "patient"
    words = _words(place, round_, channel, chosen) if parts_of else {}
    parts = {tag: parts_of(_preview(place, role, tag, words)[1].strip()) for tag in words} if parts_of else {}
    with read_transaction(services.engine()) as connection:
        halt = transports.halts(connection).get(channel.key)
    context |= {"halt": halt, "stops": STOP_REASONS}
    named = {"place": place, "channel": channel, "fields": chosen, "spoken": spoken, "parts": parts}
    return render_template("care_unit/send.html", **named, **context)


def send(place: Place, round_: Round, channel: Channel) -> ResponseReturnValue:
    """Read the list and show what would be sent; send it when that has been seen."""
    role, kind = request.form.get("role", channel.roles[0]), request.form.get("kind", KINDS[0])
    usual = request.form.get("language", "")
    tags = [spoken.tag for spoken in offered_languages()]
    known = role in channel.roles and kind in KINDS and usual in tags
    if not known or _both():
        return ask(place, round_, channel, problem=BOTH if known else NO_CHOICE), 422
    if request.form.get("change") == "yes":
        return ask(place, round_, channel)
    most_faulty = MAX_SKIPPED if request.form.get("skip") == "yes" else MAX_NAMED
    text, fault = _posted()
    found = read_recipients(
        text, partial(_checked, channel), tags, usual, max_count=channel.max_count, max_faulty=most_faulty
    )
    if problem := fault or _problem(found, channel):
        return ask(place, round_, channel, problem=problem, found=found), 422
    chosen = {"role": role, "kind": kind, "language": usual}
    words = _words(place, round_, channel, chosen)
    if request.form.get("try") == "yes":
        return _shown(place, channel, found, words, chosen, tried=_tried(place, round_, channel, words, chosen))
    if request.form.get("sure") != "yes":
        return _shown(place, channel, found, words, chosen)
    return _sent(place, round_, channel, found, words)


def _tried(place: Place, round_: Round, channel: Channel, words: Words, chosen: Mapping[str, str]) -> tuple[str, str]:
    """Send one message to oneself, with a code of zeros; return the address, and why it was refused, if it was."""
    sends, tag = _sending(channel), chosen["language"]
    to = request.form.get("mine", "") if sends.test_label else signed_in().email
    try:
        to = sends.check(to)
    except ValueError:
        return "", str(_(sends.test_fault))
    subject, body = _preview(place, chosen["role"], tag, words)
    with write_transaction(services.engine()) as connection:
        named = {"unit": place.key, "round": round_.key, "role": chosen["role"], "channel": channel.key}
        audit_log.event_note("message_tried", **named)(connection)
    return to, _refusal(channel, Message(to, subject, body, languages()[tag].html_lang, uuid4().hex))


def _shown(
    place: Place,
    channel: Channel,
    found: Recipients,
    words: Words,
    chosen: Mapping[str, str],
    *,
    tried: tuple[str, str] | None = None,
) -> str:
    """Show what would be sent, and to how many. The list travels in the form: nothing of it is stored meanwhile."""
    per_language = Counter(each.language for each in found.found)
    texts = [
        (languages()[tag], n, *_preview(place, chosen["role"], tag, words)) for tag, n in per_language.most_common()
    ]
    fields = {**chosen, "list": "\n".join(f"{each.to};{each.language}" for each in found.found)}
    return render_template(
        "care_unit/preview.html", place=place, channel=channel, found=found, fields=fields, texts=texts, tried=tried
    )


def _preview(place: Place, role: str, tag: str, words: Words) -> tuple[str, str]:
    """Return subject and text as they will stand, with a code of zeros."""
    subject, body = words[tag]
    link = LinkOrder(role, address_of(place, role), (tag,)).link("0" * 16)
    return subject, body.replace(_CODE, "0000 0000 0000 0000").replace(_LINK, link)


def _sent(place: Place, round_: Round, channel: Channel, found: Recipients, words: Words) -> ResponseReturnValue:
    """Seal a message for each, and go back to the unit's page, which shows how many are on their way."""
    role, kind = request.form.get("role", channel.roles[0]), request.form.get("kind", KINDS[0])
    orders = {tag: LinkOrder(role, address_of(place, role), (tag,)) for tag in words}
    compose = [partial(_compose, each, words, orders[each.language]) for each in found.found]
    mailing = Mailing(place.key, round_.key, role, channel.key)
    try:
        note = audit_log.event_note("messages_handed_in", **vars(mailing), kind=kind, count=len(compose))
        sealed_messages.enqueue(
            services.engine(), services.volumes(), mailing, compose, coded=kind == "invitation", note=note
        )
    except StillSending:
        problem = N_(
            "Förra listan skickas fortfarande. Vänta tills den är klar, så får ingen samma meddelande två gånger."
        )
        return ask(place, round_, channel, problem=problem), 409
    except AllowanceExceeded as refused:
        return ask(place, round_, channel, problem=" ".join(why_too_many(refused))), 409
    except RoundError:
        return ask(place, round_, channel, problem=N_("Mätomgången är inte öppen. Inget har skickats.")), 409
    return redirect(url_for("care_unit.show_unit", unit=place.key))


def _sending(channel: Channel) -> Mailer:
    assert channel.sends is not None
    return channel.sends


def _posted() -> tuple[str, str]:
    """Return the list and an empty text; or an empty list and why the file can't be read."""
    file = request.files.get("file")
    content = file.read() if file else b""
    try:
        return (clean_text(decode_text(content)) if content else request.form.get("list", "")), ""
    except UndecodableFile as refused:
        return "", sentence(refused.fault)


def _refusal(channel: Channel, message: Message) -> str:
    problem = send_one.send_one(services.settings(), channel.key, message)
    return str(_(problem)) if problem else ""


def _both() -> bool:
    """Return whether there is a list in the field and another in a file."""
    file = request.files.get("file")
    return bool(file and file.filename and request.form.get("list", "").strip())


def _checked(channel: Channel, text: str) -> str:
    """Return an address or number in one spelling that the server takes; raise ValueError when there is none."""
    known = _sending(channel).check(text)
    if not known.isascii():
        asked = services.settings(), channel.key, services.now().hour
        if send_one.accepts_utf8(*asked) is False:
            raise ValueError(NOT_ASCII)
    return known


def _problem(found: Recipients, channel: Channel) -> str:
    skipping = request.form.get("skip") == "yes"
    problem = ""
    if found.faulty and not skipping:
        problem = N_(
            "Några rader går inte att läsa. Inget har skickats. Rätta dem, eller kryssa för att hoppa över dem."
        )
    elif len(found.faulty) >= MAX_SKIPPED:
        problem = N_("Så många rader går inte att läsa att listan måste rättas först. Inget har skickats.")
    elif found.stopped_at or len(found.found) > channel.max_count:
        problem = N_("Listan är för lång. Dela den och skicka en del i taget.")
    elif not found.found:
        problem = N_("Listan är tom. Skriv en adress eller ett nummer på varje rad.")
    return problem


def _words(place: Place, round_: Round, channel: Channel, chosen: Mapping[str, str]) -> Words:
    """Return subject and text in each language, drawn once, with room for the code and the link."""
    draw, role = template_renderer(place, round_), chosen["role"] if chosen["role"] in SUBJECTS else "patient"
    template = _sending(channel).template + (".txt" if chosen["kind"] == "invitation" else "_reminder.txt")
    order = LinkOrder(role, address_of(place, role), ())
    return {
        spoken.tag: (
            find(SUBJECTS[role], languages()[spoken.tag])[0],
            draw(template, spoken.tag, role=role, code=_CODE, link=_LINK, typed=order.address_to_type).strip() + "\n",
        )
        for spoken in offered_languages()
    }


def _compose(to: Recipient, words: Words, order: LinkOrder, code: str) -> Message:
    subject, body = words[to.language]
    body = body.replace(_CODE, grouped(code)).replace(_LINK, order.link(code))
    return Message(to.to, subject, body, languages()[to.language].html_lang, uuid4().hex)
