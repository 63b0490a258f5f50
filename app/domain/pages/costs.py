"""What a page states of prices, and of getting money back.

A price is proposed only where all words around it are understood (price_words), and what it pays
for and for how much of the program is told.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from app.domain.claims import CostClaim
from app.domain.pages.about import Reader, is_in_general, levels_named
from app.domain.pages.page import (
    Block,
    Sentence,
    Stated,
    clauses_of,
    figures_in,
    is_unnamed,
    sentences_of,
    stated,
)
from app.domain.pages.patterns import choices, pattern, trust
from app.domain.pages.price_words import MONEY, Told, academic_year, academic_years, told_by
from app.domain.vocabulary import CostComponent, CostUnit, Level

_COMPONENTS = choices("costs.components", CostComponent)
_INCLUDES, _REFUND, _REFUND_RULE, _WHOLE, _PART, _LIVING, _SEASON, _PERIOD = (
    pattern("costs", name)
    for name in ("includes", "refund", "refund_rule", "whole", "part", "living", "season", "period")
)

_SUMS = pattern("costs", "sums")
_EACH_PERIOD = pattern("costs", "each_period")
NO_PARTS: Mapping[int, bool] = {}
_UNITS_OF_TUITION = {CostUnit.CREDIT, CostUnit.CONTACT_HOUR, CostUnit.CLOCK_HOUR}
"""What only tuition is asked for where nothing says what is paid for."""

_UNITS_OF_RATES = {*_UNITS_OF_TUITION, CostUnit.COURSE, CostUnit.SEMESTER, CostUnit.TERM}
"""What an aside beside the price of a program is for: "Fees ($334 per semester)"."""

_BY_RESIDENCY = {CostComponent.TUITION, CostComponent.TUITION_AND_FEES, CostComponent.TOTAL}
"""What costs more for those who come from elsewhere."""

MOST_WORDS_OF_NOTE = 12
"""Words of a sentence that tells what the prices of the table below are for."""

MOST_WORDS_OF_LINE = 6
"""Words of a line that answers "Cost"; a sentence under it can speak of any price."""


def costs_in(reader: Reader) -> Iterator[Stated]:
    """Yield the prices of a page, of each kind those of its newest year, and where refunds stand.

    One that does not say for whom it is, beside others of its kind that do, is left out: it is for
    the others, in words that are not known. So are two for the same that differ: what tells them
    apart is not known; and prices of the school where the program has its own.
    """
    found = list(_all_in(reader))
    prices = [(one, claim) for one in found if isinstance(claim := one.claim, CostClaim)]
    newest = max((claim.as_of or "" for _, claim in prices), default="")
    by_residency: set[_Kind] = set()
    own: set[tuple[CostComponent, CostUnit | None]] = set()
    amounts: dict[tuple[object, ...], set[tuple[int | None, int | None]]] = defaultdict(set)
    for _, claim in prices:
        if claim.level == Level.PROGRAM:
            own.add(_kind_of(claim)[:2])
        if claim.residency:
            by_residency.add(_kind_of(claim))
        amounts[_price_of(claim)].add((claim.amount_low_cents, claim.amount_high_cents))
    for one, claim in prices:
        if not claim.amount_high_cents and claim.component is not CostComponent.REFUND_POLICY:
            continue  # what is not charged
        is_old = bool(claim.as_of) and claim.as_of != newest
        is_for_others = (
            claim.component in _BY_RESIDENCY
            and claim.residency is None
            and _kind_of(claim) in by_residency
        )
        is_of_others = claim.level != Level.PROGRAM and _kind_of(claim)[:2] in own
        is_told_twice = len(amounts[_price_of(claim)]) > 1
        if not (is_old or is_for_others or is_of_others or is_told_twice):
            yield one


_Kind = tuple[CostComponent, CostUnit | None, bool]
"""What a price pays for, of what it is, and whether it is the program's own."""


def _price_of(claim: CostClaim) -> tuple[object, ...]:
    """Return what two prices of a page that differ cannot share."""
    return (
        *_kind_of(claim),
        claim.residency,
        claim.as_of,
        claim.component is CostComponent.FEES and claim.label,
    )


def _kind_of(claim: CostClaim) -> _Kind:
    """Return what prices for different years and residents share."""
    unit = CostUnit(claim.unit) if claim.unit else None
    return CostComponent(claim.component), unit, claim.level == Level.PROGRAM


def _all_in(reader: Reader) -> Iterator[Stated]:
    """Yield the prices of a page: from rows of its tables and from sentences, with their units.

    A price on a page for all students is proposed as the school's; one that stands under another
    field is left out.
    """
    page_year = academic_year(" ".join(reader.page.heads(3)))
    is_for_all = is_on_prices(reader)
    years = _years_of_sections(reader.page.blocks)
    note: tuple[tuple[str, ...], Told] = ((), Told())
    runs = [(key[0], list(run)) for key, run in groupby(reader.page.blocks, key=_table_of)]
    for (is_table, blocks), (_, after) in zip(runs, [*runs[1:], (False, [])], strict=True):
        for block in blocks:
            yield from _refund(reader, block)
            if not is_table and not MONEY.search(block.text):
                note = (block.headings, _said_over(reader, block))
        if is_table:
            said = note[1] if note[0] == blocks[0].heads else Told()
            if said.is_silent and after and after[0].headings == blocks[0].heads:
                said = _said_over(reader, after[0]).over(said)
            unit = _unit_of_table(reader, blocks)
            rows = _rows_to_read(reader, blocks)
            for block in rows:
                if len(rows) > 1 and _is_unknown_kind(reader, block):
                    continue
                far = said.over(Told(unit=unit, year=_year_of(block, years) or page_year))
                yield from _from_row(reader, block, far, is_for_all=is_for_all)
        else:
            for _, listed in groupby(blocks, key=lambda block: block.headings):
                lines = list(listed)
                parts = _parts_of_total(lines)
                for block in lines:
                    far = Told(year=_year_of(block, years) or page_year)
                    for sentence in _sentences(reader, block, is_for_all=is_for_all):
                        text = sentence.text
                        yield from _from_sentence(reader, sentence, text, far, parts)


def _told(reader: Reader, text: str) -> Told:
    return told_by(text, f"{reader.subject.name} {reader.subject.institution}")


def _table_of(block: Block) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
    """Return whether a block is a row, under which headings, and under which columns."""
    if not block.cells:
        return False, (), ()
    return True, block.heads, tuple(column for column, _ in block.cells)


def _names_own_award(reader: Reader, row: Block) -> bool:
    """Return whether the label of a row names the award of the program."""
    return reader.subject.award_level in levels_named(row.cells[0][1])


def _tells_no_price(row: Block) -> bool:
    """Return whether the label of a row says neither what a price is for nor for whom it is."""
    label = row.cells[0][1]
    return told_by(label).is_silent


def _said_over(reader: Reader, block: Block) -> Told:
    """Return what a short sentence says of all prices of the table below it.

    As "Rates are per credit, for residents".
    """
    text = next(sentences_of(block), Sentence("", block)).text
    is_note = len(text.split()) <= MOST_WORDS_OF_NOTE and not MONEY.search(text)
    told = _told(reader, text) if is_note else Told()
    return replace(told, component=None) if told.is_clear else Told()


def _rows_to_read(reader: Reader, rows: list[Block]) -> list[Block]:
    """Return the rows of a table that have prices of the program, or of all of it.

    Where rows are terms, years or courses of a program, that is the one they add up to. A table
    with costs of living has none; of one on programs or on awards only the own row counts.
    """
    labels = [row.cells[0][1] for row in rows]
    if any(_LIVING.search(label) for label in labels):
        return []
    if any(_is_part(label) for label in labels):
        return [row for row in rows if _WHOLE.search(row.cells[0][1]) and _is_sum_of(row, rows)]
    if any(map(reader.names_field, labels)):
        return [row for row in rows if reader.names_field(row.cells[0][1])]
    if any(_names_own_award(reader, row) for row in rows):
        return [row for row in rows if _names_own_award(reader, row) or not _tells_no_price(row)]
    return rows


def _is_unknown_kind(reader: Reader, row: Block) -> bool:
    """Return whether a label tells a price from those of other rows by what is not known here."""
    label = row.cells[0][1]
    is_named = reader.names_field(label) or _names_own_award(reader, row) or _WHOLE.search(label)
    return len(row.cells) > 2 and not is_named and _is_unknown(label, _told(reader, label))


def _is_unknown(label: str, told: Told) -> bool:
    """Return whether a label tells neither a thing of a price nor the level of students."""
    is_level = any(pattern("costs", name).search(label) for name in ("graduate", "undergraduate"))
    return told.is_silent and not told.year and not is_level


def _is_part(label: str) -> bool:
    """Return whether a label is that of a term, a year or a course, or a bare number."""
    is_bare = not re.search(r"[^\W\d_]", label)
    return is_bare or bool(_PART.search(label) and not _WHOLE.search(label))


def _is_sum_of(total: Block, rows: list[Block]) -> bool:
    """Return whether each figure of a row is the sum of those above it."""
    columns = zip(*(_amounts(row) for row in rows if row is not total), strict=False)
    sums = [sum(column) for column in columns]
    return bool(sums) and any(sums) and sums == _amounts(total)[: len(sums)]


def _amounts(row: Block) -> list[int]:
    """Return the prices of a row, one a column, 0 where a cell has none or several."""
    found = [list(MONEY.finditer(cell)) for _, cell in row.cells[1:]]
    return [_cents(one[0]["low"], one[0]["cents"]) if len(one) == 1 else 0 for one in found]


def _unit_of_table(reader: Reader, rows: list[Block]) -> CostUnit | None:
    """Return what the prices of a table are for where nothing else says it.

    Rows of a table on the program that add up to a total, none of which is for another unit, are
    parts of the price of the program; so are the cells of its row that do.
    """
    labels = [row.cells[0][1] for row in rows]
    heads = [*rows[0].heads[-1:], rows[0].cells[0][0]]
    if any(map(_LIVING.search, labels)) or any(map(_PERIOD.search, heads)):
        return None
    units = {told_by(pattern("costs", "aside_price").sub("", label)).unit for label in labels}
    is_own = any(reader.speaks_of_it(Sentence(row.text, row)) for row in rows)
    is_whole = any(map(_WHOLE.search, labels)) and units <= {None, CostUnit.PROGRAM}
    return CostUnit.PROGRAM if is_own and is_whole else None


def _parts_of_total(blocks: list[Block]) -> Mapping[int, bool]:
    """Return the prices under a heading, in cents, that add up to another, and that one -> True.

    They are the parts of the price of the program, whatever else their words say. Costs of living,
    and prices of a term or a year, are none.
    """
    texts = [pattern("costs", "aside_price").sub("", block.text) for block in blocks]
    if any(_LIVING.search(text) or _EACH_PERIOD.search(text) for text in texts):
        return NO_PARTS
    if any(map(_PERIOD.search, blocks[0].headings[-1:])) or not any(map(_SUMS.search, texts)):
        return NO_PARTS
    amounts = [_cents(one["low"], one["cents"]) for text in texts for one in MONEY.finditer(text)]
    for number, whole in enumerate(amounts):
        for rest in (amounts[:number][::-1], amounts[number + 1 :]):
            told = 0
            for count, amount in enumerate(rest, 1):
                told += amount
                if count > 1 and told == whole:
                    return {**dict.fromkeys(rest[:count], False), whole: True}
    return NO_PARTS


def _whole_of(row: Block) -> int | None:
    """Return the number of the cell that the others of a row add up to, None where none does."""
    amounts = _amounts(row)
    most = max(amounts, default=0)
    is_sum = sum(1 for amount in amounts if amount) > 2 and 2 * most == sum(amounts)
    return amounts.index(most) + 1 if is_sum else None


def _years_of_sections(blocks: Iterable[Block]) -> dict[tuple[str, ...], str]:
    """Return headings -> the one academic year that what stands under them names for prices."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for block in blocks:
        for sentence in sentences_of(block):
            if pattern("costs", "year_of_prices").search(sentence.text):
                for clause in clauses_of(sentence.text):
                    if not pattern("costs", "of_before").search(clause):
                        found[block.headings] |= academic_years(clause)
    return {heads: years.pop() for heads, years in found.items() if len(years) == 1}


def _year_of(block: Block, years: dict[tuple[str, ...], str]) -> str | None:
    """Return the year of the prices under the headings of a block, or the one they are under."""
    return years.get(block.heads) or years.get(block.heads[:-1])


def _sentences(reader: Reader, block: Block, *, is_for_all: bool) -> Iterator[Sentence]:
    """Yield sentences on the program, or on all students where the page is on prices."""
    for sentence in sentences_of(block):
        text = " ".join((sentence.text, *block.headings))
        if reader.speaks_of_it(sentence) or (
            is_for_all
            and not reader.lexicon.other.search(text)
            and not reader.names_other_field(text)
            and not reader.subject.names_other_award(text)
            and not reader.is_under_other(block)
        ):
            yield sentence


def is_on_prices(reader: Reader) -> bool:
    """Return whether a page is a school's page of prices."""
    return bool(pattern("costs", "page").search(" ".join(reader.page.heads(2))))


def _from_row(reader: Reader, block: Block, far: Told, *, is_for_all: bool) -> Iterator[Stated]:
    """Yield the prices of a row whose label and columns are understood.

    ``far`` is what is told of the prices of its table where nothing nearer does.
    """
    corner, name = block.cells[0]
    sentence = Sentence(block.text, block)
    name, product = _without_product(pattern("costs", "aside_price").sub("", name))
    label = _told(reader, name)
    if product and label.component and label.unit is None:
        label = replace(label, unit=CostUnit.PROGRAM)
    is_program = label.component is None and reader.names_field(name)
    if (
        not (reader.speaks_of_it(sentence) or is_for_all)
        or not (label.is_clear or is_program)
        or MONEY.search(name)
        or reader.lexicon.other.search(block.text)
        or reader.names_other_field(name)
        or any(_is_of_other_award(reader, one) for one in (name, *block.heads))
        or is_unnamed(block, MONEY)
    ):
        return
    if len(block.cells) == 2 and not block.cells[1][0] and len(MONEY.findall(block.text)) > 1:
        for one in sentences_of(Block(block.cells[1][1], block.headings)):
            yield from _from_sentence(reader, sentence, one.text, label.over(far))
        return
    label = replace(label, is_clear=True)
    columns = [_told(reader, column) for column, _ in block.cells]
    kinds = {told.component for told in columns[1:] if told.component}
    has_terms = any(_SEASON.search(column) for column, _ in block.cells)
    whole = _whole_of(block)
    if _WHOLE.search(name) and len(kinds) > 1:
        label = Told(unit=CostUnit.PROGRAM)
    if whole and len(kinds) > 1 and is_program:
        far = Told(unit=far.unit or CostUnit.PROGRAM).over(far)
    above = _told(reader, corner)
    far = (above if above.is_clear else Told()).over(_over(reader, block)).over(far)
    if (rate := pattern("costs", "aside_price").search(block.cells[0][1])) and label.component:
        told = _told(reader, rate[0]).beside(label)
        if (amount := MONEY.search(rate[0])) and told.is_clear and told.unit in _UNITS_OF_RATES:
            yield from _propose(reader, sentence, amount, told.over(far), name, "", "cost.row")
    several = sum(bool(MONEY.search(cell)) for _, cell in block.cells[1:]) > 1
    is_by_student = bool(pattern("costs", "by_student").search(corner))
    for number, ((column, cell), head) in enumerate(zip(block.cells, columns, strict=True)):
        found = list(MONEY.finditer(cell))
        if (
            not number
            or len(found) != 1
            or _is_load(column, head)
            or (several and number != whole and _is_unknown(column, head))
            or (has_terms and (number != whole or head.component is CostComponent.TOTAL))
            or (whole and len(kinds) < 2 and number != whole)
            or _is_of_other_award(reader, column)
        ):
            continue
        near = _told(reader, cell).beside(head).beside(label)
        if (
            not near.is_clear
            or (near.unit is CostUnit.PROGRAM and above.unit not in {None, CostUnit.PROGRAM})
            or (is_by_student and near.over(far).residency is None)
        ):
            continue
        yield from _propose(reader, sentence, found[0], near.over(far), name, cell, "cost.row")


def _without_product(label: str) -> tuple[str, bool]:
    """Return a label without the credits that its price is for, and whether it had more than a term
    has: "Tuition, 60 credits at $120".
    """
    found = pattern("costs", "product").search(label)
    if found is None or int(found["credits"]) <= MOST_CREDITS_OF_TERM:
        return label, False
    return label[: found.start()] + label[found.end() :], True


MOST_CREDITS_OF_TERM = 21


def _is_of_other_award(reader: Reader, label: str) -> bool:
    """Return whether a label of prices, as "Graduate" alone, is of other awards than the own."""
    level = reader.subject.award_level
    if level is None:
        return False
    is_above = level in levels_named("graduate degree")
    return reader.subject.names_other_award(label) or bool(
        pattern("costs", "undergraduate" if is_above else "graduate").search(label)
    )


def _is_load(column: str, head: Told) -> bool:
    """Return whether a column has prices of a load of study, whatever its heading says."""
    return bool(pattern("costs", "load").search(column)) and head.unit is None


def _over(reader: Reader, block: Block) -> Told:
    """Return what the headings of a block tell of its prices, the innermost first.

    A heading on tuition and fees lists either, and one on a total, its parts.
    """
    told = Told()
    for head in reversed(block.heads if block.cells else block.headings):
        one = _told(reader, head)
        component = one.component
        if component in {CostComponent.TUITION_AND_FEES, CostComponent.TOTAL}:
            component = None
        told = told.over(replace(one, component=component))
        if not one.is_clear:
            break  # what stands over another topic does not reach here
    return told


def _from_sentence(
    reader: Reader,
    sentence: Sentence,
    text: str,
    far: Told,
    parts: Mapping[int, bool] = NO_PARTS,
) -> Iterator[Stated]:
    """Yield the prices of a sentence, each by the words around it up to those of the next.

    What one price says before others ("Tuition: $98 a credit in-state; out-of-state $196") holds
    for them until they say otherwise. One that is not understood leaves the rest so.
    """
    far = Told(year=academic_year(text)).over(_over(reader, sentence.block)).over(far)
    is_line = len(text.split()) <= MOST_WORDS_OF_LINE
    last = Told()
    has_parts = False
    for before, money, after in figures_in(text, MONEY):
        included = _INCLUDES.search(after)
        before = pattern("costs", "including").sub(" ", before)
        after = pattern("costs", "included").sub(" ", after)
        near = _told(reader, f"{before} ; {_INCLUDES.sub(' ', after)}")
        if near.unit in {None, CostUnit.PROGRAM}:
            near = _as_part(near, parts.get(_cents(money["low"], money["cents"])))
        if (near.component, near.unit, last.unit) == (None, CostUnit.PROGRAM, CostUnit.CREDIT):
            near = Told(CostComponent.TUITION, residency=last.residency).over(near)
        is_more = near.component is None and (near.residency or not near.unit)
        if not near.is_clear:
            return
        if has_parts:
            near = near.over(Told(unit=last.unit))
        if is_more:
            near = near.over(replace(last, residency=None))
        last = near
        has_parts = has_parts or (near.component is CostComponent.TOTAL and "(" in text)
        if near.component is None and near.unit not in _UNITS_OF_TUITION and not is_line:
            continue
        yield from _propose(
            reader,
            sentence,
            money,
            near.over(far),
            None,
            included[0] if included else "",
            "cost.sentence",
        )


def _as_part(told: Told, is_whole: bool | None) -> Told:
    """Return what is told of a price that is a part of a total, or that total; None: neither."""
    if is_whole is None or told.residency:
        return told
    component = told.component or (CostComponent.TOTAL if is_whole else None)
    is_clear = told.is_clear or component is not None
    return replace(told, component=component, unit=CostUnit.PROGRAM, is_clear=is_clear)


def _inside(text: str) -> list[str]:
    """Return what a price says that it includes."""
    found = _INCLUDES.search(text)
    if not found:
        return []
    names = (
        CostComponent.TUITION,
        CostComponent.FEES,
        CostComponent.BOOKS,
        CostComponent.TECHNOLOGY,
    )
    patterns = dict(_COMPONENTS)
    return [str(name) for name in names if patterns[name].search(found["what"])]


def _propose(
    reader: Reader,
    sentence: Sentence,
    money: re.Match[str],
    told: Told,
    label: str | None,
    inside: str,
    rule: str,
) -> Iterator[Stated]:
    """Yield a price, if what it pays for and for how much of the program is told."""
    component, unit = told.component, told.unit
    if component is None and unit in _UNITS_OF_TUITION:
        component = CostComponent.TUITION
    if component is CostComponent.TOTAL:
        is_of_period = any(map(_PERIOD.search, sentence.block.headings[1:]))
        unit = unit or (None if is_of_period else CostUnit.PROGRAM)
    if component is None or unit is None:
        return
    if component is CostComponent.TOTAL and unit is not CostUnit.PROGRAM:
        return
    low = _cents(money["low"], money["cents"])
    high = _cents(money["high"], money["high_cents"]) if money["high"] else low
    is_own = reader.speaks_of_it(sentence)
    yield stated(
        CostClaim,
        f"cost.{component}",
        trust(rule),
        sentence.text,
        sentence.block.headings,
        level=Level.PROGRAM if is_own else Level.INSTITUTION,
        as_of=told.year,
        component=component,
        amount_low_cents=min(low, high),
        amount_high_cents=max(low, high),
        unit=unit,
        residency=told.residency,
        label=label,
        contains=[name for name in _inside(inside) if name != component],
        is_institution_wide=not is_own,
    )


def _cents(whole: str, cents: str | None) -> int:
    return int(whole.replace(",", "")) * 100 + int((cents or ".00")[1:])


def _refund(reader: Reader, block: Block) -> Iterator[Stated]:
    """Yield where the rule of refunds stands: a link to it, or the rule itself."""
    for words, url in block.links:
        if _REFUND.search(words):
            yield _refund_at(url, words, block, trust("cost.refund_link"))
            return
    is_headed = any(map(_REFUND.search, block.headings[-1:]))
    for sentence in sentences_of(block):
        is_on_it = is_headed or _REFUND.search(sentence.text)
        if is_in_general(sentence.text):
            continue
        if is_on_it and _REFUND_RULE.search(sentence.text):
            if "tax" in sentence.text.lower():
                continue
            yield _refund_at(None, sentence.text, block, trust("cost.refund_sentence"))
            return


def _refund_at(url: str | None, text: str, block: Block, confidence: float) -> Stated:
    return stated(
        CostClaim,
        "cost.refund_policy",
        confidence,
        text,
        block.headings,
        level=Level.INSTITUTION,
        source_url=url,
        component=CostComponent.REFUND_POLICY,
    )
