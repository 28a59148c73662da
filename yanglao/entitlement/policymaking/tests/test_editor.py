"""The editor: what the form changes in the text, and what is said of mistakes."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from yanglao.entitlement.policymaking import editing, fields_lists, offering, yaml_edit
from yanglao.entitlement.policymaking.models import Draft
from yanglao.entitlement.policymaking.tests import sample
from yanglao.entitlement.policymaking.words import label_of
from yanglao.kernel.scope import everything


@pytest.fixture
def text(house):
    return sample.text_in_use(house)


@pytest.fixture
def draft(house):
    return sample.draft(house)


def url(draft, name):
    return reverse(f"policymaking:{name}", args=[draft.pk])


def lines_changed(before, after):
    return set(after.splitlines()) - set(before.splitlines())


def test_writing_a_file_back_changes_nothing(text):
    assert yaml_edit.dump(yaml_edit.load(text)) == text


def test_a_field_of_the_form_changes_one_line_and_keeps_comments(text):
    after = editing.changed(
        text, {"f:parameters/rates/values/2/table/80": "65.50"}, "f:parameters/rates/values/2/table/80"
    )
    assert lines_changed(text, after) == {"        table: {80: 65.50, 90: 100, 100: 800}"}


def test_an_emptied_field_leaves_the_file(text):
    after = editing.changed(text, {"f:stop/death": ""}, "f:stop/death")
    assert "stop:" not in after


def test_a_number_typed_into_a_text_stays_text(text):
    after = editing.changed(text, {"f:document/number": "2024"}, "f:document/number")
    assert yaml_edit.load(after)["document"]["number"] == "2024"


def test_a_new_dated_value_begins_with_the_last_figures(text):
    after = editing.changed(text, {"do": "value:parameters/rates/values"}, "do")
    values = yaml_edit.load(after)["parameters"]["rates"]["values"]
    assert len(values) == 4
    assert dict(values[3]["table"]) == {80: 60, 90: 100, 100: 800}


def test_a_new_bracket_stands_in_its_place(text):
    path = "parameters/rates/values"
    after = editing.changed(text, {"do": f"bracket:{path}", f"key:{path}": "85"}, "do")
    assert "table: {80: 60, 85: 0, 90: 100, 100: 800}" in after


def test_a_clause_moves_and_goes(text):
    moved = editing.changed(text, {"do": "up:eligibility/1"}, "do")
    assert [c["id"] for c in yaml_edit.load(moved)["eligibility"]] == ["hukou", "age"]
    gone = editing.changed(moved, {"do": "remove:eligibility/0"}, "do")
    assert [c["id"] for c in yaml_edit.load(gone)["eligibility"]] == ["age"]


def test_without_scripts_every_changed_field_is_applied(text):
    posted = {f"{editing.FIELD}{e.path}": e.value for e in editing.everything(yaml_edit.load(text))}
    posted |= {"seen": editing.digest(text), "f:title/zh": "长寿津贴", "f:stop/death": "death_month_not_paid"}
    after = editing.changed(text, posted, "")
    assert lines_changed(text, after) == {
        "title: {zh: 长寿津贴, en: Old-age living allowance}",
        "stop: {death: death_month_not_paid}",
    }


def test_text_that_was_edited_wins_over_the_form(text):
    posted = {"seen": editing.digest("another"), "f:title/zh": "长寿津贴"}
    assert editing.changed(text, posted, "") == text


def test_a_mistake_is_shown_with_its_line_and_how_to_mend_it(house, draft):
    wrong = draft.text.replace("when: age >= start_age", "when: agee >= start_age")
    line = wrong.splitlines().index("    when: agee >= start_age") + 1
    client = house.client(sample.WRITER, house.city)
    said = client.post(
        url(draft, "check"), {"text": wrong}, headers={"HX-Trigger-Name": "text"}
    ).content.decode()
    assert f'data-line="{line}"' in said
    assert "改法" in said
    draft.refresh_from_db()
    assert draft.number == 1


def test_text_that_is_no_yaml_keeps_its_problem_and_says_so(house, draft):
    client = house.client(sample.WRITER, house.city)
    said = client.post(url(draft, "check"), {"text": "id：x\n\tkind: y"}, headers={"HX-Trigger-Name": "text"})
    assert "读不成表单" in said.content.decode()


def test_a_case_that_no_longer_comes_out_is_named(house, draft):
    text = draft.text.replace("{80: 60, 90", "{80: 70, 90")
    said = editing.show(draft.name, text, {})
    assert said.checked.wrong_cases > 0
    assert not said.checked.right


def test_saving_keeps_a_version_and_refuses_an_overtaken_one(house, draft):
    client = house.client(sample.WRITER, house.city)
    text = draft.text.replace("高龄老人生活津贴, en", "长寿津贴, en")
    sent = {"text": text, "number": 1, "seen": "", "why": "改名"}
    assert client.post(url(draft, "edit"), sent).status_code == 302
    with everything("test"):
        kept = Draft.objects.get(pk=draft.pk)
        assert (kept.number, kept.title, kept.versions.count()) == (2, "长寿津贴", 2)
    late = client.post(url(draft, "edit"), {**sent, "text": text + "# x\n"})
    assert late.status_code == 422
    assert "第 2 版" in late.content.decode()


def test_every_citys_policies_are_written_back_as_they_were(settings):
    for path in sorted(settings.CITIES.glob("*/policies/*.yaml")):
        text = path.read_text("utf8")
        before, after = yaml_edit.load(text), yaml_edit.load(yaml_edit.dump(yaml_edit.load(text)))
        assert before == after, path
        assert text.count("#") == yaml_edit.dump(before).count("#"), path


def test_a_blank_policy_may_be_used_as_it_stands(house):
    text = sample.text_in_use(house)
    from yanglao.entitlement.policymaking.blank import blank_text
    from yanglao.entitlement.policymaking.checking import check

    found = check("policies/meal.yaml", blank_text("meal", house.city), {sample.NAME: text})
    assert (found.problems, found.wrong_cases) == ((), 0)


def typed(text, path, value):
    return editing.changed(text, {f"f:{path}": value}, f"f:{path}")


def ordered(text, order, **posted):
    return editing.changed(text, {"do": order, **posted}, "do")


def checked(text):
    from yanglao.entitlement.policymaking.checking import check

    return check(sample.NAME, text, {})


def test_a_cap_is_added_and_filled_in_on_the_form(text):
    text = ordered(text, "item:caps")
    for key, value in {"label/zh": "每人每年封顶", "period": "year"}.items():
        text = typed(text, f"caps/0/{key}", value)
    assert dict(yaml_edit.load(text)["caps"][0]) == {
        "label": {"zh": "每人每年封顶", "en": "New cap"},
        "per": "subject",
        "period": "year",
        "amount": "cap_limit",
    }
    assert yaml_edit.at(yaml_edit.load(text), ("parameters", "cap_limit", "values", "0", "value")) == 1000
    assert checked(text).problems == ()
    per = next(e for e in fields_lists.everything(yaml_edit.load(text)) if e.path == "caps/0/per")
    assert {"subject", "policy", "hukou"} <= {value for value, _words in per.choices}
    assert "caps" not in yaml_edit.load(ordered(text, "remove:caps/0"))


def test_a_cap_by_times_and_by_two_facts_is_filled_in_on_the_form(text):
    text = ordered(text, "item:caps")
    text = typed(text, "caps/0/times", "4")
    assert "只写一样" in " ".join(str(problem) for problem in checked(text).problems)
    text = typed(typed(text, "caps/0/amount", ""), "caps/0/and", "hukou")
    assert "amount" not in yaml_edit.load(text)["caps"][0]
    assert str(yaml_edit.load(text)["caps"][0]["times"]) == "4"
    assert [p for p in checked(text).problems if "cap_limit" not in str(p)] == []  # the limit is left unused
    also = next(e for e in fields_lists.everything(yaml_edit.load(text)) if e.path == "caps/0/and")
    assert (also.kind, also.value) == ("choice", "hukou")


def test_the_last_level_bears_the_rest_however_many_are_added(text):
    text = ordered(ordered(text, "item:shares"), "item:shares")
    rows = [dict(row) for row in yaml_edit.load(text)["shares"]]
    assert [row.get("percent") for row in rows] == [50, 10, None]
    assert len({row["level"] for row in rows}) == 3
    text = typed(text, "shares/1/percent", "20.5")
    assert yaml_edit.load(text)["shares"][1]["percent"] == 20.5
    assert checked(text).problems == ()


def test_a_floor_names_a_parameter_and_a_standard(text):
    with pytest.raises(ValidationError, match="名称"):
        ordered(text, "named:floors")
    text = ordered(text, "named:floors", **{"key:floors": "rates"})
    text = typed(text, "floors/rates", "zhejiang.rates")
    assert dict(yaml_edit.load(text)["floors"]) == {"rates": "zhejiang.rates"}
    assert "floors" not in yaml_edit.load(ordered(text, "remove:floors/rates"))


def test_a_case_is_copied_and_changed_on_the_form(text):
    before = len(yaml_edit.load(text)["cases"])
    text = ordered(text, "item:cases")
    at = f"cases/{before}"
    for key, value in {
        "name": "九十岁",
        "facts/birth_date": "1930-05-10",
        "months": "2026-05",
        "expect": "",
    }.items():
        text = typed(text, f"{at}/{key}", value)
    text = typed(text, f"{at}/expect/total", "100")
    case = yaml_edit.load(text)["cases"][before]
    assert (case["name"], str(case["facts"]["birth_date"]), case["expect"]["total"]) == (
        "九十岁",
        "1930-05-10",
        100,
    )
    found = checked(text)
    assert found.problems == ()
    assert found.cases[-1].right


def test_a_fact_of_a_case_that_changes_is_written_in_one_line(text):
    text = ordered(text, "named:cases/0/facts", **{"key:cases/0/facts": "economic"})
    assert yaml_edit.load(text)["cases"][0]["facts"]["economic"] == "?"
    assert "economic" not in yaml_edit.load(typed(text, "cases/0/facts/economic", ""))["cases"][0]["facts"]


def test_every_citys_lists_are_shown_and_written_back(settings):
    for path in sorted(settings.CITIES.glob("*/policies/*.yaml")):
        text = path.read_text("utf8")
        data = yaml_edit.load(text)
        posted = {f"{editing.FIELD}{e.path}": e.value for e in editing.everything(data)}
        assert editing.changed(text, {**posted, "seen": editing.digest(text)}, "") == text, path
        assert not [e.path for e in fields_lists.everything(data) if e.kind == "plain"], path


def test_every_key_and_choice_of_a_policy_has_words():
    """A new key of the language must not stand on the form as an English identifier."""
    bare = [e.path for e in _schema_entries() if label_of(e.path) == e.path.split("/")[-1]]
    options = {(e.path, v) for e in _schema_entries() for v, words in e.choices if str(words) == v}
    assert bare == []
    assert {o for o in options if o[1] != "default"} == set()


def _schema_entries():
    """Every field of the form of a file that says nothing yet, and one row of each of its lists."""
    rows = {"caps": [{}], "shares": [{}], "instalments": {"plan": [{}]}, "eligibility": [{}]}
    parameters = {"rate": {"values": [{}]}}
    return [*editing.everything({**rows, "parameters": parameters, "cases": [{}]})]


def test_a_kind_of_subject_and_a_fact_are_chosen_by_their_words(text):
    entries = {e.path: e for s in offering.offered(yaml_edit.load(text)) for e in s.entries}
    assert ("stay", "入住（人月）（stay）") in entries["subject"].choices
    assert ("hukou", "户籍地（hukou）") in entries["payer/fact"].choices
    assert "birth_date" not in dict(entries["payer/fact"].choices)
    assert ("meal_subsidy", "助餐") in entries["kind"].choices


def test_a_figure_that_goes_by_age_becomes_the_first_bracket_and_back(text):
    added = editing.changed(text, {"do": "parameter:new", "key:parameter": "bonus"}, "do")
    by_age = editing.changed(added, {"f:parameters/bonus/by": "age"}, "f:parameters/bonus/by")
    bonus = yaml_edit.load(by_age)["parameters"]["bonus"]
    assert (bonus["by"], dict(bonus["values"][0]["table"])) == ("age", {0: 0})
    plain = editing.changed(by_age, {"f:parameters/bonus/by": ""}, "f:parameters/bonus/by")
    bonus = yaml_edit.load(plain)["parameters"]["bonus"]
    assert "by" not in bonus
    assert bonus["values"][0]["value"] == 0


def test_what_a_part_must_have_is_marked_only_where_the_part_is(text):
    marked = {e.path for e in editing.everything(yaml_edit.load(text)) if e.required}
    assert {"document/source", "effective/from"} <= marked
    assert not {"start/application/fact", "verification/fact", "payment/once/fact"} & marked


def test_a_field_changed_while_an_answer_was_on_its_way_is_not_lost(text):
    """The browser gives up the first answer when the second field is left: both changes are in the second."""
    posted = {"seen": editing.digest(text), "f:title/zh": "长寿津贴", "f:title/en": "Longevity allowance"}
    after = yaml_edit.load(editing.changed(text, posted, "f:title/en"))
    assert (after["title"]["zh"], after["title"]["en"]) == ("长寿津贴", "Longevity allowance")


def test_what_a_browser_cannot_show_is_not_emptied_by_another_field(text):
    odd = text.replace("effective: {from: 2011-04-01", "effective: {from: 二〇一一年")
    posted = {"seen": editing.digest(odd), "f:effective/from": "", "f:title/zh": "长寿津贴"}
    after = editing.changed(odd, posted, "f:title/zh")
    assert "from: 二〇一一年" in after
    assert "长寿津贴" in after
    assert "二〇一一年" not in editing.changed(odd, posted, "f:effective/from")


def test_a_bracket_leaves_every_dated_table(text):
    after = editing.changed(text, {"do": "unbracket:parameters/rates/values/90"}, "do")
    assert [set(v["table"]) for v in yaml_edit.load(after)["parameters"]["rates"]["values"]] == [
        {80, 100}
    ] * 3


def test_the_amount_follows_a_parameter_that_goes_by_age(house):
    from yanglao.entitlement.policymaking.blank import blank_text

    after = editing.changed(
        blank_text("x", house.city), {"f:parameters/rate/by": "age"}, "f:parameters/rate/by"
    )
    assert "amount: bracket(rate, age)" in after
    assert "unit: yuan\n    by: age\n    values:" in after
