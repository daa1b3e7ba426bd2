"""Every page of the product, and the states of it worth looking at, in one room whose story has been played."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qs, urlsplit

from .trainee import RELATIONSHIPS, REQUEST, Tab

SUBMIT = "main form[method=post] button[type=submit]"


@dataclass(frozen=True)
class Story:
    """What has happened in the room everybody visits, as far as addresses need it."""

    room: str
    link: str  # Lotus's
    lotus: str  # its row in the admin center
    willow: str
    kiln: str  # Blue Kiln in Partner Center
    delta: str  # Delta Foods there, to which Lotus sold nothing
    reed: str  # a reseller there
    mailbox: str
    empty_mailbox: str
    letters: list[str]
    subscriptions: str  # of Mei's company, as Lotus sees them
    sold: str  # one of them, active
    suspended: str  # and one that is not


def play(tab: Tab) -> Story:
    """Everything that can happen, once, by pressing the real buttons."""
    tab.opens_a_room()
    tab.becomes("Wilma Kern")
    willows = tab.finds_the_link()
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    tab.sends_the_letter_to("Mei Zhou")
    tab.becomes("Dana Weiss")
    tab.accepts(link, "exchange")
    tab.becomes("Mei Zhou")
    tab.accepts(link)
    tab.removes("Lotus Cloud", "sharepoint")
    tab.accepts(willows)
    tab.becomes("Lin Chen")
    tab.open("/partner/customers?q=blue")
    tab.press("table.table th a")
    subscriptions = urlsplit(tab.page.url).path.removeprefix(urlsplit(tab.trainee.room).path)
    sold, suspended = (_sells(tab, subscriptions, offer) for offer in ("business_essentials", "e3"))
    tab.open(f"{suspended}/suspend")
    tab.page.check("#reason-0")
    tab.press(SUBMIT)
    tab.becomes("Nora Quist")
    tab.open(link, status=403)
    kiln = _address_of(tab, "Lin Chen", "/partner/customers", "Blue Kiln")
    delta = _address_of(tab, "Lin Chen", "/partner/customers", "Delta Foods")
    reed = _address_of(tab, "Hanna Ott", "/partner/resellers", "Reed Services")
    boxes = [tab.mailbox(name) for name in ("Mei Zhou", "Cai Yun", "Lin Chen")]
    letters = [letter for box in boxes for letter in _letters(tab, box)]
    lotus, willow = (f"{RELATIONSHIPS}/{partner_in(one)}" for one in (link, willows))
    return Story(
        room=tab.trainee.room,
        link=link,
        lotus=lotus,
        willow=willow,
        kiln=kiln,
        delta=delta,
        reed=reed,
        mailbox=boxes[0],
        empty_mailbox=boxes[1],
        letters=letters,
        subscriptions=subscriptions,
        sold=sold,
        suspended=suspended,
    )


def _sells(tab: Tab, subscriptions: str, offer: str) -> str:
    """Where what was sold is."""
    tab.open(f"{subscriptions}/add")
    tab.page.select_option("#offer", offer)
    tab.press('button[value="order"]')
    return f"{subscriptions}/{tab.page.url.rpartition('/')[2]}"


def _address_of(tab: Tab, who: str, where: str, name: str) -> str:
    tab.becomes(who)
    tab.open(where)
    href = tab.page.locator("table.table th a", has_text=name).get_attribute("href") or ""
    return href.removeprefix(tab.trainee.room)


def partner_in(link: str) -> str:
    """Whom a link names."""
    return parse_qs(urlsplit(link).query)["id"][0]


def _willows_link(story: Story) -> str:
    """The advisor's, who holds everything at Mei's."""
    return story.link.replace(partner_in(story.link), story.willow.rpartition("/")[2])


def _letters(tab: Tab, mailbox: str) -> list[str]:
    tab.open(mailbox)
    found = tab.page.locator(".mail-list a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return [address.removeprefix(tab.trainee.room) for address in found]


Act = Callable[[Tab], None]
LIN, HUGO, BEA, HANNA, REN = "Lin Chen", "Hugo Park", "Bea Novak", "Hanna Ott", "Ren Tao"
GAO, UMA = "Gao Rui", "Uma Iyer"
NUMBERS = count()
STAFF = "/partner/account-settings/users"
MEI, BO, CAI, DANA, NORA = "Mei Zhou", "Bo Lindt", "Cai Yun", "Dana Weiss", "Nora Quist"
PARTNERS_PEOPLE = (LIN, HUGO, BEA, HANNA, REN, GAO, UMA)
OUTSIDE = ("classroom.welcome", "classroom.components", "nothing")


@dataclass(frozen=True)
class Sight:
    """One page in one state: where it is, who looks, and what is done there first."""

    name: str
    endpoint: str
    path: str | Callable[[Story], str]
    who: str = ""
    status: int = 200
    act: Act | None = None

    def visit(self, tab: Tab, story: Story) -> None:
        """Be there; whoever is signed in already stays so."""
        if self.who and self.who not in tab.signed_in.values():
            tab.becomes(self.who)
            tab.signed_in[self.who in PARTNERS_PEOPLE] = self.who
        tab.trainee.room = "" if self.endpoint in OUTSIDE else story.room
        tab.open(self.path if isinstance(self.path, str) else self.path(story), status=self.status)
        tab.trainee.room = story.room
        if self.act:
            self.act(tab)


def opens(selector: str) -> Act:
    """Unfold the first of these."""
    return lambda tab: tab.page.locator(selector).first.click()


def presses(selector: str, status: int = 200) -> Act:
    """Press this as the form stands."""
    return lambda tab: tab.press(selector, status=status)


def sends_unticked(tab: Tab) -> None:
    """As a browser without scripts would."""
    with tab.arriving(422):
        tab.page.evaluate("document.querySelector('form:has(#agreed)').submit()")


def goes(*selectors: str) -> Act:
    """Follow the first link of these, one after the other."""

    def go(tab: Tab) -> None:
        for selector in selectors:
            tab.press(tab.page.locator(selector).first)

    return go


def types_a_wrong_password(tab: Tab) -> None:
    """At the door."""
    tab.page.fill("#email", "nobody@lotus.example")
    tab.page.fill("#password", "no password")
    tab.press("form:has(#email) [type=submit]", status=422)


def types_a_wrong_name(tab: Tab) -> None:
    """No name, and what cannot stand before an @."""
    tab.page.fill("#name", " ")
    tab.page.fill("#local", "?")
    tab.press(SUBMIT, status=422)


def adds_somebody(tab: Tab) -> None:
    """A user of the customer, each time under another name."""
    tab.page.fill("#name", "Ida Rust")
    tab.page.fill("#local", f"ida-{next(NUMBERS)}")
    tab.press(SUBMIT)


def ticks_nothing(tab: Tab) -> None:
    """Take every tick away and press the button."""
    tab.tick("none of them")
    tab.press(SUBMIT, status=422)


SUBS = "partner_portal.customer_subscription"


def goes_to_work(tab: Tab) -> None:
    """Open the customer's admin center on its behalf."""
    tab.press("main form button[type=submit] >> nth=0")


def comes_back_late(tab: Tab) -> None:
    """Go to work, leave, and come back to where one was."""
    goes_to_work(tab)
    was = tab.path()
    tab.press(".on-behalf form button")
    tab.open(was, status=403)


def fills_in(tab: Tab, name: str = "amber") -> None:
    """The first step of a new customer."""
    new = {"name": name, "domain": f"{name}.example", "contact_name": "Ada", "contact_email": "a@amber.example"}
    for field, typed in new.items():
        tab.page.fill(f"#{field}", typed)
    tab.press("button[value=subscriptions]")


def reviews(tab: Tab, name: str = "amber") -> None:
    """The first two."""
    fills_in(tab, name)
    tab.page.fill("#e1", "5")
    tab.press("button[value=review]")


def submits(tab: Tab) -> None:
    """All three, each time for another customer."""
    reviews(tab, f"amber-{next(NUMBERS)}")
    tab.press("button[value=submit]")


def of_kiln(page: str = "") -> Callable[[Story], str]:
    """A page of Blue Kiln in Partner Center."""
    return lambda story: f"{story.kiln}{page}"


LEAVE = "partner_portal.customer_account_remove"
ADD, ACCOUNT, CONTACT = "partner_portal.customer_add", "partner_portal.customer_account", "/account/contact"
HOME, CUSTOMERS, ASK = "partner_portal.home", "partner_portal.customers", "partner_portal.reseller_request"
ACCEPT, LIST = "admin_center.invitation", "admin_center.partner_relationships"
ONE, REMOVE = "admin_center.partner_relationship", "admin_center.partner_relationship_remove"
SIGHTS = (
    Sight("welcome", "classroom.welcome", "/"),
    Sight("components", "classroom.components", "/components"),
    Sight("lobby", "classroom.lobby", "/"),
    Sight("settings", "classroom.settings", "/settings"),
    Sight("settings saved", "classroom.settings", "/settings", act=presses(SUBMIT)),
    Sight("mailbox", "classroom.mailbox", lambda story: story.mailbox),
    Sight("mailbox, empty", "classroom.mailbox", lambda story: story.empty_mailbox),
    Sight("letter, a notice", "classroom.letter", lambda story: story.letters[0]),
    Sight("letter, the invitation", "classroom.letter", lambda story: story.letters[1]),
    Sight("partner sign-in", "partner_portal.sign_in", "/partner/sign-in"),
    Sight("partner home", HOME, "/partner/", LIN),
    Sight("partner home, menu open", HOME, "/partner/", LIN, act=opens(".person-menu summary")),
    Sight("customers", CUSTOMERS, "/partner/customers", LIN),
    Sight("customers, a row open", CUSTOMERS, "/partner/customers", LIN, act=opens("tr.row-detail summary")),
    Sight("customers, nothing found", CUSTOMERS, "/partner/customers?q=zzz", LIN),
    Sight("customers, narrowed", CUSTOMERS, "/partner/customers?show=partly&sort=newest", LIN),
    Sight("customers, none in this state", CUSTOMERS, "/partner/customers?show=not", LIN),
    Sight("request", ASK, REQUEST, LIN),
    Sight("request, nobody chosen", ASK, REQUEST, LIN, act=presses('button[value="send"]', 422)),
    Sight("clock", "classroom.clock", "/clock"),
    Sight("clock, no day", "classroom.clock", "/clock", act=presses('button[value="date"]', 422)),
    Sight("prices", "partner_portal.pricing", "/partner/pricing-and-offers", BEA),
    Sight("subscriptions", f"{SUBS}s", lambda story: story.subscriptions, LIN),
    Sight("order", f"{SUBS}s_add", lambda story: f"{story.subscriptions}/add", LIN),
    Sight("subscription", SUBS, lambda story: story.sold, LIN),
    Sight("subscription, suspended", SUBS, lambda story: story.suspended, LIN),
    Sight("subscription, add-on", f"{SUBS}_add_on", lambda story: f"{story.sold}/add-on", LIN),
    Sight("subscription, suspend", f"{SUBS}_suspend", lambda story: f"{story.sold}/suspend", LIN),
    Sight("subscription, reactivate", f"{SUBS}_reactivate", lambda story: f"{story.suspended}/reactivate", LIN),
    Sight("subscription, cancel", f"{SUBS}_cancel", lambda story: f"{story.sold}/cancel", LIN),
    Sight("subscription, upgrade", f"{SUBS}_upgrade", lambda story: f"{story.sold}/upgrade", LIN),
    Sight("partner activity", "partner_portal.activity", "/partner/activity", LIN),
    Sight("add a customer", ADD, "/partner/customers/add", LIN),
    Sight("add a customer, nothing typed", ADD, "/partner/customers/add", LIN, act=presses(SUBMIT, 422)),
    Sight("add a customer, orders", ADD, "/partner/customers/add", LIN, act=fills_in),
    Sight("add a customer, review", ADD, "/partner/customers/add", LIN, act=reviews),
    Sight("customer added", "partner_portal.customer_added", "/partner/customers/add", LIN, act=submits),
    Sight("customer, account", ACCOUNT, of_kiln("/account"), LIN),
    Sight("customer, contact", "partner_portal.customer_account_contact", of_kiln(CONTACT), LIN),
    Sight("customer, billing", "partner_portal.customer_account_billing", of_kiln("/account/billing"), LIN),
    Sight("customer, services", "partner_portal.customer_services", of_kiln("/services"), LIN),
    Sight("customer, who may do what", "partner_portal.customer_abilities", of_kiln("/who-may-do-what"), LIN),
    Sight("on behalf of a customer", "admin_center.home", of_kiln("/services"), LIN, act=goes_to_work),
    Sight("on behalf of a customer, over", "admin_center.home", of_kiln("/services"), LIN, act=comes_back_late),
    Sight("customer, in use", LEAVE, of_kiln("/account/remove"), GAO, 409),
    Sight("customer, may be left", LEAVE, lambda story: f"{story.delta}/account/remove", GAO),
    Sight(
        "customer, left without a tick",
        LEAVE,
        lambda story: f"{story.delta}/account/remove",
        GAO,
        act=sends_unticked,
    ),
    Sight("customer, account, may be left", ACCOUNT, lambda story: f"{story.delta}/account", GAO),
    Sight("resellers", "partner_portal.resellers", "/partner/resellers", HANNA),
    Sight("reseller, no customers", "partner_portal.resellers_customers", lambda story: story.reed, HANNA),
    Sight("partner home, without customers", HOME, "/partner/", BEA),
    Sight("partner home, nothing yet", HOME, "/partner/", HANNA),
    Sight("customers, none yet", CUSTOMERS, "/partner/customers", HANNA),
    Sight("request of a provider", ASK, REQUEST, HANNA),
    Sight("partner activity, none", "partner_portal.activity", "/partner/activity", HANNA),
    Sight("request of an indirect reseller", ASK, REQUEST, REN),
    Sight("customers, may not request", CUSTOMERS, "/partner/customers", HUGO),
    Sight("request, not allowed", ASK, REQUEST, HUGO, 403),
    Sight("users of a partner", "partner_portal.users", STAFF, GAO),
    Sight("users, nobody found", "partner_portal.users", f"{STAFF}?q=zzz", GAO),
    Sight("add a user", "partner_portal.user_add", f"{STAFF}/new", GAO),
    Sight("add a user, not right", "partner_portal.user_add", f"{STAFF}/new", GAO, act=types_a_wrong_name),
    Sight("a partner's user added", "partner_portal.user_password", f"{STAFF}/new", GAO, act=adds_somebody),
    Sight("a user of a partner", "partner_portal.user", STAFF, GAO, act=goes("main th a")),
    Sight("add a user, may not give roles", "partner_portal.user_add", f"{STAFF}/new", UMA),
    Sight("sign-in, wrong password", "partner_portal.sign_in", "/partner/sign-in", act=types_a_wrong_password),
    Sight("remove a partner's user", "partner_portal.user_remove", STAFF, GAO, act=goes("main th a", "#remove")),
    Sight("no password to change", "partner_portal.password", "/partner/password", GAO, 409),
    Sight("no access", "partner_portal.recovery", "/partner/sign-in/recovery"),
    Sight("link spent", "partner_portal.new_password", "/partner/sign-in/new-password", status=409),
    Sight("admin sign-in", "admin_center.sign_in", "/admin/sign-in"),
    Sight("admin home", "admin_center.home", "/admin/", MEI),
    Sight("admin activity", "admin_center.activity", "/admin/activity", MEI),
    Sight("admin, no password to change", "admin_center.password", "/admin/password", MEI, 409),
    Sight("admin, no access", "admin_center.recovery", "/admin/sign-in/recovery"),
    Sight("admin, link spent", "admin_center.new_password", "/admin/sign-in/new-password", status=409),
    Sight("users of a customer", "admin_center.users", "/admin/users", MEI),
    Sight("add a customer's user", "admin_center.user_add", "/admin/users/new", MEI),
    Sight("temporary password", "admin_center.user_password", "/admin/users/new", MEI, act=adds_somebody),
    Sight("a user of a customer", "admin_center.user", "/admin/users", MEI, act=goes("main th a")),
    Sight("remove a user", "admin_center.user_remove", "/admin/users", MEI, act=goes("main th a", "#remove")),
    Sight("licences", "admin_center.licences", "/admin/billing/licences", MEI),
    Sight("licences of one", "admin_center.licences_of", "/admin/billing/licences", MEI, act=goes("main th a")),
    Sight("accept, again", ACCEPT, lambda story: story.link, MEI),
    Sight("accept, not agreed", ACCEPT, lambda story: story.link, MEI, act=sends_unticked),
    Sight("accept, nothing left", ACCEPT, _willows_link, MEI),
    Sight("accept, link unknown", ACCEPT, lambda story: f"{story.link}1", MEI, 404),
    Sight("relationships", LIST, RELATIONSHIPS, MEI),
    Sight("relationships, nothing found", LIST, f"{RELATIONSHIPS}?show=ended", MEI),
    Sight("relationship", ONE, lambda story: story.lotus, MEI),
    Sight("relationship of an advisor", ONE, lambda story: story.willow, MEI),
    Sight("remove", REMOVE, lambda story: f"{story.lotus}/remove", MEI),
    Sight("remove, nothing ticked", REMOVE, lambda story: f"{story.lotus}/remove", MEI, act=ticks_nothing),
    Sight("delete", "admin_center.partner_relationship_delete", lambda story: f"{story.willow}/delete", MEI),
    Sight("remove everywhere", "admin_center.partner_relationships_remove_all", f"{RELATIONSHIPS}/remove-all", MEI),
    Sight("accept", ACCEPT, lambda story: story.link, DANA),
    Sight("accept, rule open", ACCEPT, lambda story: story.link, DANA, act=opens("details.rule summary")),
    Sight("admin home, plain user", "admin_center.home", "/admin/", NORA),
    Sight("accept, ask a Global admin", ACCEPT, lambda story: story.link, NORA, 403),
    Sight("relationships, none", LIST, RELATIONSHIPS, CAI),
    Sight("relationships, may only look", LIST, RELATIONSHIPS, BO),
    Sight("not found", "nothing", "/nowhere", status=404),
)
NO_PAGES = {
    "partner_portal.customers_csv",
    "partner_portal.customer",
    "static",
    "language",
    "theme",
    "admin_center.later_invitation",
}  # a file, or somewhere else
