"""Where a visit came from, and with what device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.desk.visits import device_of, host_of, origin_of

SHOP = "https://shop.example/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


class TestChannels:
    @pytest.mark.parametrize(
        ("url", "referrer", "channel"),
        [
            (SHOP, "", "direct"),
            (SHOP, "https://shop.example/blog", "direct"),
            (SHOP, "https://pay.shop.example/", "direct"),
            (SHOP, "https://www.google.de/search?q=lamp", "search"),
            (SHOP, "https://yandex.ru/", "search"),
            (SHOP, "https://duckduckgo.com/", "search"),
            (SHOP, "https://l.facebook.com/l.php", "social"),
            (SHOP, "https://vk.com/wall", "social"),
            (SHOP, "https://t.co/x", "social"),
            (SHOP, "https://mail.google.com/", "email"),
            (SHOP, "https://e.mail.ru/", "email"),
            (SHOP, "https://best-lamps.example/review", "referral"),
            (SHOP, "https://netflix.com/", "referral"),
            (SHOP + "?utm_medium=cpc&utm_source=google", "https://www.google.de/", "paid"),
            (SHOP + "?gclid=1", "https://www.google.de/", "paid"),
            (SHOP + "?utm_medium=email", "", "email"),
            (SHOP + "?utm_source=newsletter", "", "email"),
            (SHOP + "?utm_medium=social", "", "social"),
            (SHOP + "?utm_source=flyer", "", "other"),
        ],
    )
    def test_referrer_and_campaign_tell_the_channel(self, url: str, referrer: str, channel: str) -> None:
        assert origin_of(url, referrer, {}, frozenset({"pay.shop.example"})).channel == channel

    def test_a_campaign_of_segments_context_wins_over_the_address(self) -> None:
        campaign = {"name": "spring", "source": "vk", "medium": "paid-social"}
        origin = origin_of(SHOP + "?utm_source=x", "", campaign, frozenset())
        assert origin.utm == {"source": "vk", "medium": "paid-social", "campaign": "spring"}
        assert origin.channel == "paid"

    def test_the_shops_own_pages_are_no_referrer(self) -> None:
        assert origin_of(SHOP, "https://www.shop.example/cart", {}, frozenset()).referrer == ""

    @given(
        st.text(), st.text(), st.dictionaries(st.sampled_from(["source", "name"]), st.integers() | st.text())
    )
    def test_no_address_is_too_odd(self, url: str, referrer: str, campaign: dict) -> None:
        origin = origin_of(url, referrer, campaign, frozenset())
        assert len(origin.landing) <= 2000
        assert host_of(url) == host_of(url).casefold()


class TestDevices:
    @pytest.mark.parametrize(
        ("agent", "device"),
        [
            (CHROME, "desktop · Chrome, Windows"),
            (CHROME + " Edg/130.0", "desktop · Edge, Windows"),
            (CHROME + " YaBrowser/24.1", "desktop · Yandex Browser, Windows"),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
                "desktop · Firefox, Linux",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130.0 Mobile Safari/537.36",
                "mobile · Chrome, Android",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-X900) Chrome/130.0 Safari/537.36",
                "tablet · Chrome, Android",
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) Version/16.0 Mobile Safari/604.1",
                "tablet · Safari, iPadOS",
            ),
            ("Googlebot/2.1 (+http://www.google.com/bot.html)", "bot"),
            ("curl/8.5", "desktop"),
            ("", "desktop"),
        ],
    )
    def test_the_user_agent_tells_it(self, agent: str, device: str) -> None:
        assert str(device_of(agent)) == device
