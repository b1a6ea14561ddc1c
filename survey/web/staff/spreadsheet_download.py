"""The download of a spreadsheet: any list of any page, in the formats that `spreadsheets` knows."""

from flask import Response

from analysis.spreadsheets.formats import FORMATS
from analysis.spreadsheets.table import NO_DAY, Table


def spreadsheet_response(name: str, kind: str, *tables: Table) -> Response:
    """Return the tables as a file of this kind, saved under the name and the kind's ending."""
    form = FORMATS[kind]
    saved_as = {"Content-Disposition": f'attachment; filename="{name}{form.suffix}"'}
    return Response(form.write(tables, NO_DAY), content_type=form.media_type, headers=saved_as)
