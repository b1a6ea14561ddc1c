"""/staff/unit: a care unit makes links for its residents and its own staff, and sees that answers come in.

Codes are made when the file is asked for and stand in that file alone: they can't be shown again, and nobody notes
who got which.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from analysis.spreadsheets.formats import FORMATS
from survey.care_unit import data_entry, kiosks, mailing, mailing_progress, printed_sheets, reflection
from survey.care_unit.access import own_units, place_of
from survey.care_unit.channel_templates import address_of, template_renderer
from survey.care_unit.forms import LinksForm
from survey.care_unit.overview import unit_overview
from survey.care_unit.unavailable import no_round, not_begun, too_many
from survey.channels import CHANNELS
from survey.channels.channel import Channel, LinkOrder
from survey.channels.transport.messages import STOP_REASONS
from survey.domain.places.place_tree import Place
from survey.domain.rounds.lifecycle import Round, RoundError
from survey.sealing.intake.allowance import AllowanceExceeded
from survey.sealing.intake.issue_codes import make_codes
from survey.store.core import rounds
from survey.store.database.engine import read_transaction
from survey.web.i18n.language import offered_languages
from survey.web.request import services
from survey.web.signin.views import max_form_size, requires, signed_in
from survey.web.staff import audit_log
from survey.web.staff.listing import search_and_page

blueprint = Blueprint("care_unit", __name__, url_prefix="/staff/unit")
blueprint.register_blueprint(kiosks.blueprint)
blueprint.register_blueprint(data_entry.blueprint)
blueprint.register_blueprint(reflection.blueprint)
blueprint.register_blueprint(mailing_progress.blueprint)


@blueprint.get("/")
@requires("make_links")
def index() -> ResponseReturnValue:
    """Lead to the person's unit, or list them where there are several."""
    with read_transaction(services.engine()) as connection:
        units = own_units(connection)
    if len(units) == 1:
        return redirect(url_for("care_unit.show_unit", unit=units[0].key))
    if not units and not (person := signed_in()).may("all_units"):
        # Its page says that it has ended, or when it begins.
        return redirect(url_for("care_unit.show_unit", unit=person.place))
    return render_template(
        "care_unit/units.html", listing=search_and_page(units, lambda unit: f"{unit.name} {unit.key}")
    )


@blueprint.get("/<unit>")
@requires("make_links")
def show_unit(unit: str) -> str:
    """Show the unit's figures, and the channels to hand out links by."""
    with read_transaction(services.engine()) as connection:
        stands = unit_overview(connection, place_of(connection, unit), services.today())
        devices = kiosks.devices(connection, stands.place.key, stands.round)
    offered = [each for each in CHANNELS.values() if stands.round and _roles(each, stands.round)]
    named: dict[str, object] = {"devices": devices, "may_pair": kiosks.may_pair(stands)}
    named["not_set_up"] = [each for each in CHANNELS.values() if not _is_set_up(each)]
    named["stops"] = STOP_REASONS
    return render_template("care_unit/page.html", stands=stands, offered=offered, channels=CHANNELS, **named)


@blueprint.get("/<unit>/links/<channel_key>")
@requires("make_links")
def show_channel_form(unit: str, channel_key: str) -> ResponseReturnValue:
    """Show the form of the channel."""
    place, round_, channel = _asked(unit, channel_key)
    if round_ is None:
        no_round(place)
    if channel.sends:
        return mailing.ask(place, round_, channel)
    return _form_page(place, LinksForm(channel, _roles(channel, round_), offered_languages()))


@blueprint.post("/<unit>/links/<channel_key>")
@requires("make_links")
@max_form_size(mailing.MAX_FILE_SIZE)
def create_links(unit: str, channel_key: str) -> ResponseReturnValue:
    """Make the channel's file, or show its texts; codes are made now, and only when the form is right."""
    place, round_, channel = _asked(unit, channel_key)
    if round_ is None:
        no_round(place)
    if channel.sends:
        return mailing.send(place, round_, channel)
    form = LinksForm(channel, _roles(channel, round_), offered_languages(), request.form)
    if not form.validate():
        return _form_page(place, form), 422
    draw = template_renderer(place, round_)
    try:
        order = _order(form, place, round_)
    except RoundError:
        no_round(place)
    except AllowanceExceeded as refused:
        too_many(place, refused)
    if channel.texts:
        texts = [Markup(text) for text in channel.texts(order, draw).values()]  # noqa: S704 (drawn and escaped by us)
        return render_template("care_unit/texts.html", place=place, channel=channel, texts=texts)
    assert channel.make is not None
    made = channel.make(order, draw)
    saved_as = {"Content-Disposition": f'attachment; filename="{_file_name(place, channel, order)}.{made.ending}"'}
    return Response(made.content, content_type=made.media_type, headers=saved_as)


def _file_name(place: Place, channel: Channel, order: LinkOrder) -> str:
    """Return a file name with unit, channel, role and languages: files of several kinds lie together in a folder."""
    who = {"patient": "invanare", "provider": "medarbetare"}[order.role]
    parts = [
        place.key,
        channel.key,
        who,
        *order.languages,
        *([order.paper] if channel.papers and order.paper not in FORMATS else []),
    ]
    return "-".join(parts)


def _order(form: LinksForm, place: Place, round_: Round) -> LinkOrder:
    role, channel = form.role.data, form.channel
    codes = _codes(place, round_, role, form.count.data, channel.key) if channel.has_codes else ()
    if channel.max_sheets:
        printed_sheets.add_printed(place, round_, role, form.count.data)
    columns = tuple(_(each) for each in channel.columns)
    return LinkOrder(role, address_of(place, role), tuple(form.languages.data), codes, form.paper.data or "A4", columns)


def _codes(place: Place, round_: Round, role: str, count: int, channel: str) -> Sequence[str]:
    note = audit_log.event_note("codes_made", unit=place.key, round=round_.key, role=role, channel=channel, count=count)
    return make_codes(services.engine(), services.volumes(), place.key, round_.key, role, count, channel, note)


def _roles(channel: Channel, round_: Round) -> tuple[str, ...]:
    """Return the roles the channel may serve in this round: an open link only those who may answer without a code."""
    if not _is_set_up(channel):
        return ()
    return tuple(role for role in channel.roles if channel.has_codes or channel.on_paper or not round_.needs_code(role))


def _is_set_up(channel: Channel) -> bool:
    return not channel.needs or bool(getattr(services.settings(), channel.needs))


def _asked(unit: str, channel_key: str) -> tuple[Place, Round | None, Channel]:
    with read_transaction(services.engine()) as connection:
        place = place_of(connection, unit)
        round_ = rounds.round_to_distribute(connection, place.key, services.today())
    channel = CHANNELS.get(channel_key)
    if channel is None or (round_ and not _roles(channel, round_)):
        abort(404)
    if channel.sends and round_ and round_.opens > services.today():
        not_begun(place, round_)
    return place, round_, channel


def _form_page(place: Place, form: LinksForm) -> str:
    return render_template("care_unit/links.html", place=place, form=form, channel=form.channel, formats=FORMATS)
