"""Names in the order of the Swedish alphabet."""

from survey.domain.text.collation import collation_key

MUNICIPALITIES = ["Berg", "Bräcke", "Härjedalen", "Krokom", "Ragunda", "Strömsund", "Åre", "Östersund"]


def test_the_eight_municipalities() -> None:
    assert sorted({*MUNICIPALITIES}, key=collation_key) == MUNICIPALITIES
    assert sorted(MUNICIPALITIES) == MUNICIPALITIES, "the control: these eight are in order by code as well"


def test_the_last_letters_stand_in_their_order_whatever_their_case_or_spelling() -> None:
    names = ["zink", "Å", "åsen", "A\u030asene", "Äng", "äpple", "Ö", "øst"]
    assert sorted({*names}, key=collation_key) == names
    assert sorted(names, key=str.casefold) != names
