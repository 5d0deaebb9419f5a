"""What simulated visitors say, in English and in Russian.

A conversation is a topic: openers (one is said), questions that follow an operator's answers, and an end. In
the texts stand `{product}`, `{size}`, `{city}`, `{colour}` and `{order}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "ru"]


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody wants to know. `wishes` are words of the bot's options that lead there."""

    openers: tuple[str, ...]
    follow_ups: tuple[str, ...]
    wishes: tuple[str, ...] = ()


TOPICS: dict[Language, dict[str, Topic]] = {
    "en": {
        "dress": Topic(
            (
                "Hi! I need something for my sister's wedding in three weeks, not white of course :)",
                "Hello, is the {product} true to size? I am between {size} and one up.",
                "Hi, do you have the {product} in another colour? {colour} would be a dream.",
                "Good afternoon! Which evening dress would you take for a theatre premiere?",
                "Hey, how long is the {product}? I am 178 cm tall.",
                "Hello! Can I try on two dresses at home and send one back?",
                "Hi, is the {product} lined? The pictures do not show it.",
            ),
            (
                "And how does the fabric behave, does it crease a lot?",
                "Could you set one aside in {size} until tomorrow?",
                "What would you wear with it, shoes-wise?",
                "Is there a photo from the back, perhaps?",
                "Can a seamstress take it in at the waist?",
                "When would it be in {city} if I order today?",
                "Does it come with a gift box? It is a present.",
            ),
            ("yes", "evening", "wedding", "new", "size", "operator", "colleague"),
        ),
        "delivery": Topic(
            (
                "Hello, do you deliver to {city}?",
                "Hi! What does delivery cost, and from which sum on is it free?",
                "How long does it take to {city}? I need it by Friday.",
                "Hi, can the courier come after 6 pm? I am at work until then.",
                "Good morning, can I pay the courier in cash?",
                "Hello, my order {order} has not arrived yet. Can you see where it is?",
                "Is it possible to change the delivery address of {order}?",
            ),
            (
                "And if nobody is at home?",
                "Can I see the parcel's way somewhere?",
                "Great. And returns, who pays for those?",
                "Could you deliver it to a pick-up point instead?",
                "What if it does not fit, how long may I keep it before sending it back?",
                "Does the courier call before he comes?",
            ),
            ("delivery", "deliver", "order", "cost", "area", "when", "under"),
        ),
        "wholesale": Topic(
            (
                "Good day, we run two boutiques in {city}. What are your terms for wholesale?",
                "Hello, is there a discount from 30 pieces on?",
                "Hi, do you work with resellers? We are interested in the lamps.",
                "Good afternoon, could you send a price list for wholesale? We are a small gallery shop.",
            ),
            (
                "What is the smallest order?",
                "Can the sizes be mixed within one order?",
                "Do you put your own label inside? We would like ours.",
                "Which payment terms do you offer to new partners?",
                "May we get two samples first?",
            ),
            ("wholesale", "terms", "operator", "more than", "over"),
        ),
        "product": Topic(
            (
                "Hi, is the {product} in stock?",
                "Hello! Will the {product} be back in {colour}?",
                "Hey, I saw the {product} at a friend's. Is it still made?",
                "Hello, could I pick up the {product} myself instead of having it sent?",
                "Good evening, is there a guarantee on the {product}?",
                "Hello, how do I clean the {product}?",
                "Hi! My promo code does not work with the {product}, is that right?",
            ),
            (
                "Thank you! And is it made in Europe?",
                "Do you have something like it, a bit smaller?",
                "Could I get a picture in daylight?",
                "I would take two, is there something to be done about the price?",
                "Until when does the offer hold?",
            ),
            ("yes", "help", "question", "operator"),
        ),
    },
    "ru": {
        "dress": Topic(
            (
                "Здравствуйте! Ищу платье на свадьбу подруги, не белое, конечно :)",
                "Добрый день, {product} соответствует размеру? Я между {size} и следующим.",
                "А {product} бывает в другом цвете? Мечтаю про {colour}.",
                "Подскажите, какое вечернее платье лучше взять для театра?",
                "Здравствуйте, какая длина у модели {product}? Мой рост 174.",
                "Можно примерить дома два платья, а одно вернуть?",
            ),
            (
                "А ткань сильно мнётся?",
                "Можно отложить {size} до завтра?",
                "С какой обувью посоветуете носить?",
                "Есть ли фото сзади?",
                "Успеет ли доехать в {city} к выходным?",
                "Упакуете как подарок?",
            ),
            ("да", "вечерн", "свадеб", "нов", "размер", "оператор", "коллег"),
        ),
        "delivery": Topic(
            (
                "Здравствуйте, доставляете в {city}?",
                "Добрый день! Сколько стоит доставка и от какой суммы она бесплатная?",
                "Сколько дней идёт посылка в {city}? Нужно к пятнице.",
                "Может ли курьер приехать после 18:00?",
                "Заказ {order} ещё не пришёл, посмотрите, пожалуйста, где он.",
                "Можно оплатить курьеру картой?",
            ),
            (
                "А если никого не будет дома?",
                "Где можно посмотреть трек-номер?",
                "А возврат за чей счёт?",
                "Курьер позвонит заранее?",
                "Есть ли пункт выдачи рядом?",
            ),
            ("доставк", "заказ", "стоит", "мой", "когда", "менее"),
        ),
        "wholesale": Topic(
            (
                "Добрый день, у нас два шоурума, город {city}. Какие условия для опта?",
                "Здравствуйте, есть ли скидка от 30 штук?",
                "Можно получить оптовый прайс? Мы небольшой магазин подарков.",
            ),
            (
                "Какой минимальный заказ?",
                "Размеры можно смешивать в одном заказе?",
                "Можно сначала два образца?",
                "Работаете с отсрочкой платежа?",
            ),
            ("опт", "услови", "оператор", "более", "больше"),
        ),
        "product": Topic(
            (
                "Здравствуйте, {product} есть в наличии?",
                "Будет ли ещё {product} в цвете {colour}?",
                "Подскажите, есть ли гарантия на {product}?",
                "Как ухаживать за моделью {product}?",
                "Промокод не применяется к товару {product}, так и должно быть?",
            ),
            (
                "Спасибо! А где это делают?",
                "Есть что-то похожее, но поменьше?",
                "Можно фото при дневном свете?",
                "Если взять два, будет скидка?",
            ),
            ("да", "помо", "вопрос", "оператор"),
        ),
    },
}

OPENERS_FOR: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "shoes": (
            "Hi, do the {product} run small? I usually wear 38.",
            "Hello, is the leather of the {product} sensitive to rain?",
            "Hi! How high is the heel of the {product}, and can one stand in them all evening?",
        ),
        "bags": (
            "Hello, does a 13-inch laptop fit into the {product}?",
            "Hi, can the strap of the {product} be made longer?",
        ),
        "home/lamps": (
            "Hi, what bulb does the {product} need? I would rather not guess.",
            "Good evening, can the {product} be dimmed?",
            "Hello, how long is the cable of the {product}?",
        ),
    },
    "ru": {
        "shoes": (
            "Здравствуйте, {product} маломерят? Обычно ношу 38.",
            "Какая высота каблука у модели {product}?",
        ),
        "bags": ("Подскажите, поместится ли ноутбук 13 дюймов? Смотрю {product}.",),
        "home/lamps": (
            "Здравствуйте, какая лампочка нужна? Смотрю {product}.",
            "Подскажите, у модели {product} регулируется яркость?",
        ),
    },
}
"""What is asked about a product of that section, besides the openers that fit any."""

THANKS: dict[Language, tuple[str, ...]] = {
    "en": (
        "Perfect, thank you so much!",
        "Great, that helps. Thanks!",
        "Lovely, then I will order it now.",
        "Thank you, you are very kind. Have a nice day!",
        "Okay, I will think about it. Thanks!",
        "Super, thanks for the quick answer 🙏",
        "That is all I wanted to know, thank you.",
    ),
    "ru": (
        "Отлично, спасибо большое!",
        "Поняла, спасибо!",
        "Супер, тогда оформляю заказ.",
        "Спасибо, вы очень помогли. Хорошего дня!",
        "Хорошо, я подумаю. Спасибо!",
        "Спасибо за быстрый ответ 🙏",
    ),
}

SHORT_WORDS: dict[Language, tuple[str, ...]] = {
    "en": ("I see.", "Ah, okay.", "Good to know.", "Mhm, all right.", "Oh, nice!"),
    "ru": ("Понятно.", "Ага, хорошо.", "Ясно.", "О, отлично!"),
}

WAITING: dict[Language, tuple[str, ...]] = {
    "en": (
        "Hello? Is anybody there?",
        "Are you still there?",
        "Sorry to bother you, but I have to leave soon.",
    ),
    "ru": ("Вы тут?", "Есть кто-нибудь?", "Извините, мне скоро нужно уходить."),
}

GIVING_UP: dict[Language, tuple[str, ...]] = {
    "en": (
        "I have to go. Could you write to me: {email}",
        "No time any more, please answer to {email}. Thanks!",
    ),
    "ru": ("Мне пора. Напишите, пожалуйста, на {email}", "Не успеваю ждать, ответьте на {email}, спасибо."),
}

NO_WORDS: dict[Language, tuple[str, ...]] = {
    "en": ("no", "not", "later", "just looking"),
    "ru": ("нет", "не ", "позже", "сам"),
}
"""Pieces of option labels by which the bot is turned down."""

NAME_WORDS = ("name", "call you", "имя", "зовут", "обращаться")
"""Pieces of questions that are answered by a name."""

YES_WORDS: dict[Language, tuple[str, ...]] = {
    "en": ("yes", "help", "thanks"),
    "ru": ("да", "помо", "спасибо"),
}

COLOURS: dict[Language, tuple[str, ...]] = {
    "en": ("dark green", "ivory", "wine red", "ink blue", "sage"),
    "ru": ("тёмно-зелёный", "айвори", "винный", "чернильный", "шалфей"),
}

SIZES = ("XS", "S", "M", "L", "38", "40", "42")
