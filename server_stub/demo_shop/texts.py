"""What the demo shop says around its goods, in English and in Russian: menus, buttons, pages of information."""
# ruff: noqa: E501  a sentence is one line, however long

from __future__ import annotations

from dataclasses import dataclass

from server_stub.demo_shop.catalog import Language, Text

WORDS: dict[str, Text] = {
    "tagline": Text("Clothes and quiet things for the home", "Одежда и спокойные вещи для дома"),
    "hero_title": Text("Made slowly, worn for years", "Сшито не спеша, носится годами"),
    "hero_text": Text(
        "Dresses from our own workshop, shoes and bags from people we know, lamps for long evenings.",
        "Платья из нашей мастерской, обувь и сумки от знакомых мастеров, лампы для долгих вечеров.",
    ),
    "see_dresses": Text("See the dresses", "Смотреть платья"),
    "new_things": Text("New in the shop", "Новинки"),
    "all_things": Text("Everything", "Всё"),
    "catalog": Text("Catalog", "Каталог"),
    "home": Text("Home page", "Главная"),
    "delivery": Text("Delivery & payment", "Доставка и оплата"),
    "blog": Text("Journal", "Журнал"),
    "wholesale": Text("Wholesale", "Оптом"),
    "terms": Text("Terms", "Условия"),
    "size_chart": Text("Size chart", "Таблица размеров"),
    "search": Text("Search", "Поиск"),
    "search_hint": Text("Search the shop", "Поиск"),
    "found_for": Text("Found for", "Найдено по запросу"),
    "found_nothing": Text(
        "Nothing found. Try a shorter word, or ask us in the chat.",
        "Ничего не нашлось. Попробуйте слово покороче или спросите нас в чате.",
    ),
    "cart": Text("Cart", "Корзина"),
    "cart_empty": Text("Your cart is empty.", "В корзине пока пусто."),
    "to_catalog": Text("Go to the catalog", "Перейти в каталог"),
    "add": Text("Add to cart", "В корзину"),
    "added": Text("Added to your cart", "Добавлено в корзину"),
    "open_cart": Text("Open the cart", "Открыть корзину"),
    "remove": Text("Remove", "Убрать"),
    "less": Text("One less", "Меньше на один"),
    "more": Text("One more", "Больше на один"),
    "subtotal": Text("Goods", "Товары"),
    "shipping": Text("Delivery", "Доставка"),
    "free": Text("free", "бесплатно"),
    "total": Text("Total", "Итого"),
    "until_free": Text("Until free delivery", "До бесплатной доставки"),
    "checkout": Text("Checkout", "Оформление заказа"),
    "to_checkout": Text("To the checkout", "Оформить заказ"),
    "name": Text("Name", "Имя"),
    "email": Text("Email", "Эл. почта"),
    "phone": Text("Phone", "Телефон"),
    "address": Text("Address", "Адрес"),
    "place_order": Text("Place order", "Заказать"),
    "pay_note": Text("You pay the courier, by card or in cash.", "Оплата курьеру, картой или наличными."),
    "thanks": Text("Thank you!", "Спасибо!"),
    "thanks_text": Text(
        "We have your order and will write as soon as it leaves the workshop. Its number:",
        "Заказ у нас. Напишем, как только он выйдет из мастерской. Номер заказа:",
    ),
    "in_stock": Text("In stock, leaves tomorrow", "В наличии, отправим завтра"),
    "back_14": Text("Fourteen days to change your mind", "Четырнадцать дней на возврат"),
    "similar": Text("Goes well with", "Хорошо сочетается"),
    "colour": Text("Colour", "Цвет"),
    "article": Text("Article", "Артикул"),
    "not_found": Text("There is no such page", "Такой страницы нет"),
    "not_found_text": Text(
        "It may have moved, or the address has a typo.", "Она переехала, или в адресе опечатка."
    ),
    "read": Text("Read", "Читать"),
    "skip": Text("Skip to the content", "К содержанию"),
    "menu": Text("Sections", "Разделы"),
    "pieces": Text("Quantity", "Количество"),
    "shop": Text("Shop", "Магазин"),
    "help": Text("Help", "Помощь"),
    "newsletter": Text("Letters from the workshop, once a month", "Письма из мастерской раз в месяц"),
    "subscribe": Text("Subscribe", "Подписаться"),
    "subscribed": Text("You are on the list, thank you!", "Вы в списке, спасибо!"),
    "allow_push": Text("Allow notifications", "Разрешить уведомления"),
    "push_allowed": Text("Notifications are on", "Уведомления включены"),
    "orders": Text("Your orders", "Ваши заказы"),
    "no_orders": Text(
        "You have not ordered anything in this browser yet.", "В этом браузере вы ещё ничего не заказывали."
    ),
    "orders_note": Text(
        "In a real shop its order system tells the desk what becomes of an order. Here you do it yourself.",
        "В настоящем магазине о судьбе заказа сообщает система заказов. Здесь это делаете вы.",
    ),
    "order_sent": Text("Send it off", "Отправить"),
    "order_cancel": Text("Cancel it", "Отменить"),
    "order_refund": Text("Give it back", "Вернуть"),
    "was_sent": Text("On its way", "В пути"),
    "was_cancelled": Text("Cancelled", "Отменён"),
    "was_refunded": Text("Given back", "Возвращён"),
    "was_placed": Text("Placed", "Оформлен"),
    "review": Text("How do you like your order?", "Как вам заказ?"),
    "review_it": Text("Review it", "Оценить"),
    "review_order": Text("Order", "Заказ"),
    "review_score": Text("Your score", "Ваша оценка"),
    "review_words": Text(
        "What was good, what was not? (you may leave it empty)",
        "Что понравилось, а что нет? (можно не заполнять)",
    ),
    "review_send": Text("Send", "Отправить"),
    "review_thanks": Text("Thank you, your score has reached us.", "Спасибо, ваша оценка у нас."),
    "account": Text("About you", "О вас"),
    "account_lead": Text(
        "Tell us where you live and when to congratulate you.",
        "Расскажите, где вы живёте и когда вас поздравить.",
    ),
    "city": Text("City", "Город"),
    "birthday": Text("Birthday", "День рождения"),
    "save": Text("Save", "Сохранить"),
    "saved": Text("Saved, thank you.", "Сохранено, спасибо."),
    "booking": Text("Book a video meeting", "Записаться на видеовстречу"),
    "booking_lead": Text(
        "Fifteen minutes with our stylist. She shows you the things up close and answers everything.",
        "Пятнадцать минут со стилистом: покажет вещи вблизи и ответит на всё.",
    ),
    "booking_when": Text("When does it suit you?", "Когда вам удобно?"),
    "book": Text("Book", "Записаться"),
    "booked": Text("Booked. We look forward to seeing you!", "Записали. Будем рады вас увидеть!"),
    "backstage": Text("Backstage", "За кулисами"),
    "mailbox": Text("Mailbox of the demo", "Почта демо"),
    "backstage_lead": Text(
        "What a shop's own systems would tell the desk about you, at a click.",
        "То, что о вас сообщили бы системы магазина, — по нажатию.",
    ),
    "publish": Text("Publish a new article", "Опубликовать новую статью"),
    "publish_note": Text(
        "The blog tells the desk of it, and whoever allowed notifications about articles gets one.",
        "Блог сообщает о ней, и те, кто разрешил уведомления о статьях, получат уведомление.",
    ),
    "published": Text("Published.", "Опубликовано."),
    "backstage_orders": Text(
        "Send orders off, cancel them, give them back", "Отправить, отменить или вернуть заказ"
    ),
    "backstage_account": Text("Name a city and a birthday", "Назвать город и день рождения"),
    "footer": Text(
        "A demonstration shop: nothing here is sold.", "Демонстрационный магазин: здесь ничего не продаётся."
    ),
}


def words(language: Language) -> dict[str, str]:
    """Every short text in that language, by its key."""
    return {key: text.to(language) for key, text in WORDS.items()}


@dataclass(frozen=True)
class Part:
    """A heading with its paragraphs."""

    title: Text
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True)
class Article:
    """A page to read: of the blog, or of information. `pictures` are ids of products that it shows.

    In its paragraphs `{delivery_price}` and `{free_from}` stand for those sums in the shop's currency.
    """

    slug: str
    title: Text
    lead: Text
    parts: tuple[Part, ...]
    pictures: tuple[str, ...] = ()


DELIVERY = Article(
    "delivery-and-payment",
    Text("Delivery & payment", "Доставка и оплата"),
    Text(
        "Three ways to get your parcel, three ways to pay for it.",
        "Три способа получить посылку и три способа оплаты.",
    ),
    (
        Part(
            Text("By courier", "Курьером"),
            (
                Text(
                    "To your door in one to three days. It costs {delivery_price}, and nothing from {free_from} on.",
                    "До двери за один–три дня. Стоит {delivery_price}, а при заказе от {free_from} бесплатно.",
                ),
                Text(
                    "The courier calls an hour ahead. Trying on takes up to twenty minutes; what does not fit goes back with him.",
                    "Курьер звонит за час. На примерку двадцать минут; что не подошло, он заберёт.",
                ),
            ),
        ),
        Part(
            Text("To a pick-up point", "В пункт выдачи"),
            (
                Text(
                    "More than two thousand points all over the country, two to five days. The parcel waits for you for a week.",
                    "Больше двух тысяч пунктов по всей стране, два–пять дней. Посылка ждёт неделю.",
                ),
            ),
        ),
        Part(
            Text("Payment", "Оплата"),
            (
                Text(
                    "To the courier by card or in cash, by bank transfer from an invoice, or with a gift certificate.",
                    "Курьеру картой или наличными, переводом по счёту или подарочным сертификатом.",
                ),
            ),
        ),
        Part(
            Text("Returns", "Возврат"),
            (
                Text(
                    "You have fourteen days. Write to us in the chat: we send a courier and give the money back within three days.",
                    "У вас четырнадцать дней. Напишите в чат: пришлём курьера и вернём деньги за три дня.",
                ),
            ),
        ),
    ),
)

WHOLESALE = Article(
    "wholesale",
    Text("Sell our dresses in your shop", "Продавайте наши платья в своём магазине"),
    Text(
        "Small runs, honest discounts and a person who answers. From ten pieces on.",
        "Небольшие партии, честные скидки и живой менеджер. От десяти изделий.",
    ),
    (
        Part(
            Text("How it works", "Как это устроено"),
            (
                Text(
                    "Choose from the whole catalog. Ten pieces give you 20 %, fifty give 30 %, two hundred give 40 %.",
                    "Выбирайте из всего каталога. Десять изделий дают 20 %, пятьдесят — 30 %, двести — 40 %.",
                ),
                Text(
                    "We keep every model for at least two seasons, so a size that sells can be ordered again.",
                    "Каждую модель держим не меньше двух сезонов: размер, который продаётся, можно дозаказать.",
                ),
            ),
        ),
        Part(
            Text("What you get", "Что вы получаете"),
            (
                Text(
                    "Photographs, texts and size charts for your own site; a sample of every fabric; labels with your name.",
                    "Фотографии, тексты и таблицы размеров для вашего сайта, образцы тканей, бирки с вашим именем.",
                ),
                Text(
                    "What has not sold after a season may be exchanged for something new, up to a tenth of the order.",
                    "Что не продалось за сезон, меняем на новое, до десятой части заказа.",
                ),
            ),
        ),
        Part(
            Text("Time and delivery", "Сроки и доставка"),
            (
                Text(
                    "What is in the store leaves the next day. What has to be sewn takes two to four weeks, depending on the fabric.",
                    "Что есть на складе, уходит на следующий день. Пошив занимает две–четыре недели, смотря по ткани.",
                ),
                Text(
                    "Delivery of wholesale orders is always on us.",
                    "Доставка оптовых заказов всегда за наш счёт.",
                ),
            ),
        ),
        Part(
            Text("Who buys from us", "Кто у нас покупает"),
            (
                Text(
                    "Wedding salons, small department stores, hotels that dress their staff, and theatres.",
                    "Свадебные салоны, небольшие универмаги, отели, которые одевают персонал, и театры.",
                ),
                Text(
                    "Most begin with one rail of fifteen dresses and come back within two months.",
                    "Большинство начинает с одной вешалки на пятнадцать платьев и возвращается через два месяца.",
                ),
            ),
        ),
        Part(
            Text("Begin", "Начать"),
            (
                Text(
                    "Write in the chat how many pieces you think of. We send the terms at once and a price list the same day.",
                    "Напишите в чат, о каком объёме вы думаете. Условия пришлём сразу, прайс — в тот же день.",
                ),
            ),
        ),
    ),
    ("selma", "ines", "tilda"),
)

TERMS = Article(
    "terms",
    Text("Terms", "Условия"),
    Text("Short, and meant to be read.", "Коротко и для чтения."),
    (
        Part(
            Text("Orders", "Заказы"),
            (
                Text(
                    "An order is agreed once we confirm it. Until it is handed to the courier you can cancel it for free.",
                    "Заказ принят, когда мы его подтвердили. До передачи курьеру отмена бесплатна.",
                ),
            ),
        ),
        Part(
            Text("Your data", "Ваши данные"),
            (
                Text(
                    "We keep what you tell us for the order and for answering you. Ask in the chat, and we erase it.",
                    "Храним то, что нужно для заказа и ответа вам. Попросите в чате, и мы всё удалим.",
                ),
            ),
        ),
        Part(
            Text("Codes and gifts", "Промокоды и подарки"),
            (
                Text(
                    "One code an order. Codes do not add up with the sale, unless the code says so.",
                    "Один промокод на заказ. С распродажей промокоды не складываются, если не сказано иное.",
                ),
            ),
        ),
    ),
)

ARTICLES: tuple[Article, ...] = (
    Article(
        "how-to-choose-an-evening-dress",
        Text("How to choose an evening dress and enjoy it", "Как выбрать вечернее платье с удовольствием"),
        Text(
            "Begin with the shoes, end with the dance test.", "Начните с туфель, закончите проверкой танцем."
        ),
        (
            Part(
                Text("Begin with the evening", "Начните с вечера"),
                (
                    Text(
                        "A theatre seat, a dinner table and a dance floor ask for different things. Sitting long? Choose a fabric that forgives creases: heavy satin does, thin silk does not.",
                        "Театральное кресло, стол и танцпол требуют разного. Долго сидеть? Берите ткань, которая прощает складки: плотный сатин прощает, тонкий шёлк — нет.",
                    ),
                    Text(
                        "A slit helps with stairs, pockets help with nerves.",
                        "Разрез выручает на лестнице, карманы — когда волнуешься.",
                    ),
                ),
            ),
            Part(
                Text("Then the shoes", "Затем туфли"),
                (
                    Text(
                        "The hem is measured in the shoes that you will wear. Two centimetres above the floor is elegant, two below is a fall.",
                        "Подол меряют в тех туфлях, в которых пойдут. Два сантиметра над полом — изящно, два на полу — падение.",
                    ),
                ),
            ),
            Part(
                Text("The dance test", "Проверка танцем"),
                (
                    Text(
                        "Lift both arms, sit down, turn around twice. If you had to pull at something, take the next size or the next dress.",
                        "Поднимите руки, сядьте, дважды повернитесь. Пришлось поправлять? Берите другой размер или другое платье.",
                    ),
                ),
            ),
        ),
        ("marlene", "vesper", "lotte"),
    ),
    Article(
        "caring-for-linen",
        Text("Caring for linen", "Как ухаживать за льном"),
        Text("Less than you think.", "Меньше, чем кажется."),
        (
            Part(
                Text("Washing", "Стирка"),
                (
                    Text(
                        "Thirty degrees, half a drum, no softener: it closes the fibre, and linen wants to breathe.",
                        "Тридцать градусов, половина барабана и без кондиционера: он забивает волокно, а лён должен дышать.",
                    ),
                ),
            ),
            Part(
                Text("Ironing", "Глажка"),
                (
                    Text(
                        "Hang it wet on a wide hanger and let gravity work. Creases that stay are the point of linen.",
                        "Повесьте мокрым на широкие плечики, остальное сделает вес. Складки, что остались, и есть лён.",
                    ),
                ),
            ),
        ),
        ("ines", "tilda", "fleur"),
    ),
    Article(
        "light-for-evenings",
        Text("Light for long evenings", "Свет для долгих вечеров"),
        Text("Three small lamps are kinder than one big one.", "Три маленькие лампы добрее одной большой."),
        (
            Part(
                Text("Where", "Где"),
                (
                    Text(
                        "One at eye level beside the chair, one low in a far corner, one above the table. Leave the ceiling dark.",
                        "Одна на уровне глаз у кресла, одна внизу в дальнем углу, одна над столом. Потолок оставьте тёмным.",
                    ),
                ),
            ),
            Part(
                Text("Which bulb", "Какая лампочка"),
                (
                    Text(
                        "2700 K for the evening, 2200 K for after. Glass shades want a frosted bulb.",
                        "2700 K для вечера, 2200 K для ночи. В стеклянный абажур — матовая.",
                    ),
                ),
            ),
        ),
        ("halo", "moss", "arc"),
    ),
)

SIZES: tuple[tuple[str, int, int, int], ...] = (
    ("34 · XS", 80, 62, 88),
    ("36 · S", 84, 66, 92),
    ("38 · M", 88, 70, 96),
    ("40 · L", 92, 74, 100),
    ("42 · XL", 96, 78, 104),
    ("44 · XXL", 102, 84, 110),
)
"""Size, bust, waist and hips in centimetres."""

SIZE_NOTE = Text(
    "Measure yourself in thin clothes, the tape lying close but not tight. Between two sizes? Take the larger one.",
    "Мерьте по тонкой одежде, лента прилегает, но не стягивает. Между двумя размерами берите больший.",
)

SIZE_HEADINGS = (
    Text("Size", "Размер"),
    Text("Bust, cm", "Грудь, см"),
    Text("Waist, cm", "Талия, см"),
    Text("Hips, cm", "Бёдра, см"),
)


def article(slug: str) -> Article | None:
    """The blog's article of that slug, if there is one."""
    return next((item for item in ARTICLES if item.slug == slug), None)
