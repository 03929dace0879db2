"""Names towards people and in addresses."""

import re

from oscar_engage.core.ids import new_public_id, new_reference


def test_new_reference__many__can_be_read_out_on_the_phone():
    for _ in range(200):
        assert re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}", new_reference())


def test_new_public_id__many__differ_and_fit_an_address():
    made = {new_public_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{24}", public_id) for public_id in made)
