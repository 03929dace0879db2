"""Is only what a browser makes handed to the other browser?"""

import pytest

from oscar_engage.voices.sdp import LARGEST, MOST_CANDIDATES, WrongSdpError, clean_sdp
from tests.voices.conftest import HOST, RELAY, SDP


def test_description__comes_back_as_it_was() -> None:
    assert clean_sdp(SDP) == SDP
    assert clean_sdp(SDP.replace("\r\n", "\n")) == SDP


def test_relay_only__other_addresses_are_left_out() -> None:
    cleaned = clean_sdp(SDP, relay_only=True)
    assert RELAY in cleaned
    assert HOST not in cleaned
    assert "192.168" not in cleaned


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=0",
        "v=0\r\ns=-\r\n",
        SDP.replace("v=0", "v=1", 1),
        SDP + "<script>alert(1)</script>\r\n",
        SDP + "a=\u202e\r\n",
        SDP + "a=x\x00y\r\n",
        SDP + "\r\n\r\na=x\r\n",
        SDP + "a=" + "x" * 3000 + "\r\n",
        SDP + "a=x\r\n" * 1000,
        SDP + "a=" + "x" * LARGEST,
        SDP + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n",
        SDP + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n" * 2,
        SDP + (HOST + "\r\n") * MOST_CANDIDATES,
    ],
)
def test_what_no_browser_of_ours_makes__is_refused(text: str) -> None:
    with pytest.raises(WrongSdpError):
        clean_sdp(text)
