"""What events are called on the screen, a visitor's and the shop's own. A name not known here is shown as it is."""

from __future__ import annotations

from operator_console.safe_text import safe_line
from operator_console.translation import _, marked

_EVENTS = (
    marked("Session Started"),
    marked("Page Viewed"),
    marked("Section Viewed"),
    marked("Page Scrolled"),
    marked("Exit Intent"),
    marked("Email Captured"),
    marked("Subscribed"),
    marked("Unsubscribed"),
    marked("Push Subscribed"),
    marked("Chat Opened"),
    marked("Message Written"),
    marked("Dialog Opened"),
    marked("Dialog Closed"),
    marked("Message Sent"),
    marked("Message Delivered"),
    marked("Message Seen"),
    marked("Message Clicked"),
    marked("Message Replied"),
    marked("Message Closed"),
    marked("Email Opened"),
    marked("Email Clicked"),
    marked("Email Bounced"),
    marked("Segment Entered"),
    marked("Segment Left"),
    marked("Tag Added"),
    marked("Tag Removed"),
    marked("Meeting Booked"),
    marked("Meeting Held"),
    marked("Article Published"),
    marked("Products Searched"),
    marked("Product List Viewed"),
    marked("Product List Filtered"),
    marked("Product Clicked"),
    marked("Product Viewed"),
    marked("Product Added"),
    marked("Product Removed"),
    marked("Product Shared"),
    marked("Product Reviewed"),
    marked("Product Added to Wishlist"),
    marked("Product Removed from Wishlist"),
    marked("Wishlist Product Added to Cart"),
    marked("Promotion Viewed"),
    marked("Promotion Clicked"),
    marked("Cart Viewed"),
    marked("Cart Shared"),
    marked("Checkout Started"),
    marked("Checkout Step Viewed"),
    marked("Checkout Step Completed"),
    marked("Payment Info Entered"),
    marked("Order Completed"),
    marked("Order Updated"),
    marked("Order Refunded"),
    marked("Order Cancelled"),
    marked("Coupon Entered"),
    marked("Coupon Applied"),
    marked("Coupon Denied"),
    marked("Coupon Removed"),
)
"""The names of events that everybody uses: Segment's for shops, and ours."""


def event_name(name: str) -> str:
    """An event's name as it is shown: those of the vocabulary translated, any other as it is, cleaned."""
    return _(name) if name in _EVENTS else safe_line(name, 80)
