"""Where each rule comes from: the documents, and whether they say it, say it elsewhere, or leave it to us."""

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """How sure a rule is."""

    DOCUMENTED = "documented"  # a document of the China edition says so
    ADOPTED = "adopted"  # only the global edition says so; the China edition is silent
    RULING = "ruling"  # no document decides it; this is our decision


@dataclass(frozen=True)
class Rule:
    """A numbered rule of the field and the titles of the documents it rests on."""

    number: str
    origin: Origin
    documents: tuple[str, ...]


DOCUMENTS = {
    "REQ": "Request a reseller relationship with a customer",
    "MP": "Multi-partner",
    "MC": "Multi-channel",
    "WORK": "Work with other partners",
    "ADD": "Add a new customer",
    "USERS": "Create user accounts and set permissions",
    "ENROL": "Enroll in the 21Vianet China CSP reseller program",
    "PWD": "User self-service password recover or reset",
    "SUBNEW": "Create a new subscription",
    "SUBS": "Customer subscriptions",
    "LIC": "Assign licenses to users",
    "TSUP": "Provide technical support",
    "SELF": "Customer self-support",
    "SUSP": "Suspend a subscription",
    "BILL": "Billing",
    "SCEN": "Common billing scenarios",
    "RECON": "Use the reconciliation files",
    "UPG": "Upgrade an existing customer subscription",
    "OFF21": "Partners: Offer delegated administration",
    "ADM21": "Add, change, or delete a subscription advisor partner",
    "g:REQ": "How to request a reseller relationship",
    "g:DAP": "Get delegated administration privileges from a customer",
    "g:DAPFAQ": "DAP FAQ",
    "g:M365": "Manage partner relationships (Microsoft 365)",
    "g:AUTO": "Windows Autopilot customer consent",
    "g:MON": "Monitoring administrative relationships and self-service DAP removal",
    "g:API": "Partner Center developer articles",
    "g:CONN": "Connect with customers",
    "g:REM": "Remove reseller relationship with a customer",
    "g:LIFE": "Subscription lifecycle states",
    "g:MOVE": "Move license-based customers",
}

# number: where it comes from; a leading "!" marks our ruling, and what follows it is what the ruling leans on.
SOURCES = """
R1 REQ | R2 REQ g:DAP | R3 REQ MP | R4 ADD g:API | R5 ADD | R6 REQ | R7 REQ MP WORK | R8 REQ MC | R9 REQ
R10 USERS | R11 REQ | R12 REQ | R13 REQ | R14 REQ | R15 g:DAP | R16 REQ | R17 REQ | R18 REQ | R19 ! | R20 !
R21 ! REQ | R22 ! | R23 REQ | R24 g:DAP g:AUTO | R25 g:AUTO | R26 ! ADM21 g:M365 g:AUTO | R27 ! | R28 g:AUTO
R29 REQ | R30 ! OFF21 | R31 REQ | R32 REQ | R33 REQ | R34 REQ | R35 REQ MP | R36 g:DAP | R37 REQ | R38 REQ
R39 g:DAPFAQ | R40 ! g:REQ | R41 REQ MP | R42 ! | R43 ! | R44 ADM21 g:DAP | R45 REQ | R46 ! | R47 g:M365
R48 g:M365 | R49 ! | R50 g:DAP | R51 REQ | R52 g:DAP | R53 ! | R54 g:DAP | R55 g:M365 | R56 REQ | R57 REQ
R58 g:DAPFAQ g:M365 | R59 ! | R60 g:MON | R61 ADM21 g:M365 | R62 REQ g:DAP | R63 ! | R64 ! g:REM | R65 g:REM
R66 g:REM g:CONN | R67 g:REM
R68 MC | R69 MC | R70 MC | R71 MC | R72 RECON | R73 BILL | R76 ! | R79 ! | R81 ! | S11 UPG | S12 UPG
P1 USERS | P2 ! | P3 ! USERS ENROL | P4 USERS | P5 ENROL | P6 USERS | P7 ! | P8 PWD
S1 SUBNEW | S2 RECON | S3 SUBNEW SCEN | S4 SUBNEW g:API | S5 SUBS LIC TSUP SELF | S6 SUSP | S7 SUSP | S8 !
S9 g:LIFE | S10 g:API | S13 g:MOVE | B2 BILL
"""


def _read(entry: str) -> Rule:
    number, *sources = entry.split()
    codes = [code for code in sources if code != "!"]
    china = any(not code.startswith("g:") for code in codes)
    origin = Origin.RULING if "!" in sources else Origin.DOCUMENTED if china else Origin.ADOPTED
    return Rule(number, origin, tuple(DOCUMENTS[code] for code in codes))


RULES = {
    rule.number: rule for entry in SOURCES.replace("\n", "|").split("|") if entry.strip() for rule in [_read(entry)]
}
