"""What Excel and others save is read, whatever page it is in, or refused: never a text with another's letters."""

from datetime import date

import pytest

from survey.domain.records.external_measures import Measurement
from survey.domain.records.record_types import parse_record
from survey.domain.text.csv_rows import Faults, by_fault, read_rows
from survey.domain.text.fault import Fault
from survey.domain.text.text_encodings import UndecodableFile, decode_text

WORDS = "nyckel;namn\nfroso;Frösö hälsocentral\naare;Åre – Östersund, ”Ängen”, Café Oviken\n"
DOS = WORDS.replace("–", "-").replace("”", '"')


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_text_is_read_in_the_page_it_was_saved_in(encoding: str) -> None:
    assert decode_text(WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "cp865", "latin-1"])
def test_a_dos_page_is_read_too(encoding: str) -> None:
    assert decode_text(DOS.encode(encoding)) == DOS


@pytest.mark.parametrize("word", ["Å", "Ål", "Örebro", "ÅÄÖ", "Åsele;Ånge", "nära", "é", "Ljusnedals HC;Funäsdalen"])
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman", "cp850"])
def test_few_letters_are_read_as_they_are_or_not_at_all(word: str, encoding: str) -> None:
    try:
        assert decode_text(f"namn\n{word}\n".encode(encoding)) == f"namn\n{word}\n"
    except UndecodableFile as refused:
        assert refused.fault == Fault("uncertain_letters")


@pytest.mark.parametrize("encoding", ["cp1250", "koi8-r", "cp1251", "shift_jis", "iso8859-7"])
def test_a_text_that_swedish_never_has_is_not_offered(encoding: str) -> None:
    text = {"cp1250": "Łódź ő ř", "shift_jis": "日本語テスト", "iso8859-7": "Αθήνα"}.get(encoding, "Привет мир")
    with pytest.raises(UndecodableFile, match="uncertain_letters"):
        decode_text(f"namn\n{text}\n".encode(encoding))


def test_what_was_read_wrongly_once_before_is_refused() -> None:
    for page in ("cp1252", "latin-1"):
        with pytest.raises(UndecodableFile):
            decode_text("Frösö, Åre, Ängen".encode().decode(page, errors="replace").encode())


@pytest.mark.parametrize("content", [b"PK\x03\x04\0\0\x06", b"\x89PNG\r\n\x1a\n\0\0\0", b"\xff\xfea"])
def test_what_is_no_text_is_known(content: bytes) -> None:
    with pytest.raises(UndecodableFile, match="no_text"):
        decode_text(content)


SHAPES = {
    "semicolons": "nyckel;namn\na;A\nb;B\n",
    "commas": "nyckel,namn\na,A\nb,B\n",
    "tabs": "nyckel\tnamn\na\tA\nb\tB\n",
    "its sign said": "sep=;\nnyckel;namn\na;A\nb;B\n",
    "its sign said, with more": "SEP=\t\nnyckel\tnamn\na\tA\nb\tB\n",
    "empty columns": "nyckel;namn;;\na;A;;\nb;B;;;\n",
    "an empty column within": ";nyckel;;namn\n;a;;A\n;b;;B\n",
    "empty rows": "\n;;\nnyckel;namn\n;\n\na;A\n;;\nb;B\n;;\n",
    "lone returns": "nyckel;namn\ra;A\rb;B\r",
    "both ends": "nyckel;namn\r\na;A\r\nb;B\r\n",
    "quoted": '"nyckel";"namn"\n"a";"A"\n"b";"B"\n',
    "commas in a header of semicolons": 'nyckel;namn\n"a";"A"\nb;B\n',
    "hard spaces": "nyckel\u00a0;\u00a0namn\na\u00a0;A\nb;B\n",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_shapes_that_spreadsheets_write(shape: str, encoding: str) -> None:
    faults: Faults = []
    found = list(read_rows(decode_text(SHAPES[shape].encode(encoding)), ("nyckel", "namn"), (), faults))
    assert ([row for _line, row in found], faults) == ([{"nyckel": k, "namn": k.upper()} for k in "ab"], [])


def test_lines_are_counted_as_the_reader_sees_them() -> None:
    faults: Faults = []
    found = list(read_rows("sep=;\n\nnyckel;namn\n\na;A\nb;B;x\n", ("nyckel", "namn"), (), faults))
    assert [line for line, _row in found] == [5, 6] and faults == [(6, Fault("cell_without_header"))]


def test_equal_faults_are_told_once_with_their_rows() -> None:
    same, other, whole = Fault("no_name"), Fault("bad_key", key="a"), Fault("no_rows")
    faults = [*((line, same) for line in range(3, 1510)), *((line, other) for line in (7, 2, 9)), (0, whole)]
    assert by_fault(faults) == [((), whole), ((2, 7, 9), other), (tuple(range(3, 1510)), same)]
    assert by_fault([(4, same), (4, same), (5, same)]) == [((4, 5), same)]


@pytest.mark.parametrize(
    ("written", "kept"),
    [("1.234", None), ("12.345", None), ("999.999 %", None), ("0.123", "0.123"), ("1,234", "1.234"), ("1 234", "1234")],
)
def test_a_number_that_could_mean_two_things_is_refused(written: str, kept: str | None) -> None:
    raw = {
        **{"series": "Panel", "kind": "other", "day": "2022-12-31", "qualifier": "exact", "value": written},
        **{"respondents": "befolkningen", "source": "Panel", "question": "nasta_tid", "unit_of_measure": "kronor"},
    }
    thing, faults = parse_record(Measurement, raw, {}, date(2026, 1, 1))
    assert (thing.value if thing else None) == kept, faults
    assert kept is not None or Fault("two_meanings") in {each.fault for each in faults}
