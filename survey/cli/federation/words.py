"""The words of `flask federation`: why a gathering is refused, and how it stands with an edition."""

import json
from collections.abc import Mapping

from survey.domain.questions.questionnaire import Version
from survey.publication.federation.verifying import is_known_version
from survey.store.published.gathered import CURRENT, GatheredEdition

REFUSALS: Mapping[str, str] = {
    "not_there": "a file is not there. Nothing was taken.",
    "no_reply": "it does not answer, or not with a file. Nothing was taken.",
    "redirected": "it points elsewhere, and that is not followed. Nothing was taken.",
    "too_large": "a file is larger than one of ours can be. Nothing was taken.",
    "too_slow": "it took too long. Nothing was taken.",
    "not_signed": "a file is not signed with the key that is trusted. Nothing was taken. Ask a person there.",
    "no_listing": "its listing can't be read here. Nothing was taken.",
    "older_listing": "its listing is older than the one gathered before. Nothing was taken. Ask a person there.",
    "other_bytes": "an edition is another than its listing names. Nothing was taken.",
    "other_format": "an edition has a format that this version can't read. Nothing was taken: both need one version.",
    "no_edition": "an edition is not as an edition is. Nothing was taken.",
    "invented": "its answers are invented: it is a trial. Nothing was taken.",
    "other_wording": "an edition names a version of the questions that is known here, in other words. "
    "Nothing was taken.",
    "changed": "an edition that was gathered before is another now. Nothing was taken. Ask a person there.",
    "came_back": "an edition that was withdrawn or replaced is listed again. Nothing was taken. Ask a person there.",
    "gone": "an edition is listed no more, and is not withdrawn. Nothing was taken. Ask a person there.",
}


def state_of(gathered: GatheredEdition, versions: Mapping[str, Version]) -> str:
    """Return an edition's state in words; of another version of the questions, that too."""
    body = json.loads(gathered.body)
    if gathered.state != CURRENT or is_known_version(body, versions):
        return gathered.state
    asked = ", ".join(sorted(set(body["versions"].values())))
    return f"{gathered.state}, of another version of the questions ({asked})"
