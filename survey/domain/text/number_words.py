"""Numbers that a sentence says with a word. For the promises, whose numbers are those of the round."""

from survey.domain.text.i18n import N_

NUMBER_WORDS = {
    4: N_("fyra"),
    5: N_("fem"),
    6: N_("sex"),
    7: N_("sju"),
    8: N_("åtta"),
    9: N_("nio"),
    10: N_("tio"),
    30: N_("trettio"),
}
