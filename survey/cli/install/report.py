"""The lines that `flask init` writes: what was made, was there, holds, or is not as it should be and why."""

import click


class Report:
    """The lines of one run; any fault makes the run end with 1."""

    def __init__(self) -> None:
        """Begin without a fault."""
        self.ok = True

    def made(self, name: str, detail: str) -> None:
        """Tell of a thing that was made now."""
        self._write("made ", name, detail)

    def there(self, name: str, detail: str) -> None:
        """Tell of a thing that was there, and is left as it is."""
        self._write("there", name, detail)

    def fault(self, name: str, detail: str) -> None:
        """Tell why a thing is not as it should be; what does not depend on it goes on."""
        self.ok = False
        self._write("FAULT", name, detail)

    def well(self, name: str, detail: str) -> None:
        """Tell of a promise that holds."""
        self._write("well ", name, detail)

    def _write(self, state: str, name: str, detail: str) -> None:
        click.echo(f"{state}  {name:16} {detail}")
