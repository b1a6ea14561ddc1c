"""The registry of channels, by which links leave the unit: one module and one line each. For the care units.

Plain Python: no channel knows the web or the database. What it says in which language is drawn for it by whoever asks.
"""

from collections.abc import Mapping

from survey.channels import file, letters, mail, paper, portal_text, poster, slips, sms
from survey.channels.channel import Channel

CHANNELS: Mapping[str, Channel] = {
    each.key: each
    for each in (
        slips.CHANNEL,
        mail.CHANNEL,
        sms.CHANNEL,
        letters.CHANNEL,
        file.CHANNEL,
        poster.CHANNEL,
        portal_text.CHANNEL,
        paper.CHANNEL,
    )
}
