"""What the editor offers for conditions: facts with words, types, values and examples, put in at the cursor."""

import pytest
from django.urls import reverse

from yanglao.entitlement.benefits.offered.queries import schema
from yanglao.entitlement.policymaking import choosing, editing, yaml_edit
from yanglao.entitlement.policymaking.tests import sample


@pytest.fixture
def text(house):
    return sample.text_in_use(house)


def offered(data):
    return {o.name: o for group in choosing.groups(data) for o in group.offered}


def test_every_fact_of_the_subject_is_offered_with_its_words_and_type():
    for name, subject in schema().subjects.items():
        found = offered({"subject": name})
        assert set(subject.facts) <= set(found)
        assert all(found[fact].label and found[fact].type for fact in subject.facts)
    assert ("age" in offered({"subject": "person"}), "age" in offered({"subject": "place"})) == (True, False)


def test_values_stand_as_a_condition_writes_them():
    economic = offered({"subject": "person"})["economic"]
    assert ("'dibao'", "低保") in [(value, words[:2]) for value, words in economic.values]
    assert economic.example.startswith("economic in ('")
    assert "低保" in economic.search
    assert offered({"subject": "place"})["ownership"].values


def test_every_example_is_a_condition_the_language_takes(text):
    for name in offered({"subject": "person"}).values():
        if name.type and name.type != "参数":
            data = yaml_edit.put(text, ("eligibility", "0", "when"), name.example)
            found = editing.show("policies/x.yaml", data, {}).checked.problems
            assert not [
                p for p in found if "when" in str(p.path if hasattr(p, "path") else "") or name.name in p.what
            ], name


def test_the_file_s_own_parameters_are_offered(text):
    found = offered(yaml_edit.load(text))
    assert found["rates"].example == "bracket(rates, …)"
    assert found["start_age"].example == "start_age"


def test_a_worked_example_chooses_among_declared_values(text):
    text = yaml_edit.put(text, ("cases", "0", "facts", "economic"), "dibao")
    case = editing.show("policies/x.yaml", text, {}).form["cases"][0][0]
    entry = next(
        e for rows in case.facts for item in rows.items for e in item.entries if e.path.endswith("economic")
    )
    assert (entry.kind, entry.value) == ("choice", "dibao")
    assert "tekun_home" in dict(entry.choices)


def test_the_editor_shows_them(house):
    draft = sample.draft(house)
    client = house.client(sample.WRITER, house.city)
    page = client.get(reverse("policymaking:edit", args=[draft.pk])).content.decode()
    assert 'data-insert="economic"' in page
    assert "查找事实" in page


@pytest.mark.browser
def test_a_fact_goes_in_where_the_cursor_was_without_a_mouse(house, page_as):
    from playwright.sync_api import expect

    draft = sample.draft(house)
    page = page_as(sample.WRITER, house.city, path=reverse("policymaking:edit", args=[draft.pk]))
    condition = page.locator('[name="f:eligibility/0/when"]')
    condition.focus()
    page.keyboard.press("End")
    page.locator("#chooser > summary").focus()
    page.keyboard.press("Enter")
    page.locator("[data-chooser-search]").focus()
    page.keyboard.type("困难")
    expect(page.locator('[data-insert="economic"]')).to_be_visible()
    expect(page.locator('[data-insert="ability"]')).to_be_hidden()
    page.locator('[data-insert="economic"]').focus()
    page.keyboard.press("Enter")
    expect(condition).to_have_value("age >= start_age economic")
    expect(page.locator("#said")).to_contain_text("economic")  # checked as if it had been typed
