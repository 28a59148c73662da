"""Two people publish; the published text stands over the folder's until it is taken back."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from yanglao.entitlement.benefits import packs, published
from yanglao.entitlement.benefits.books import policies_of
from yanglao.entitlement.benefits.models import PolicyFile
from yanglao.entitlement.benefits.rules.months import Month
from yanglao.entitlement.policymaking import actions, difference, tasks
from yanglao.entitlement.policymaking.models import Publication
from yanglao.entitlement.policymaking.tests import sample
from yanglao.kernel.accounts.actor import Actor, Forbidden
from yanglao.kernel.cases import actions as cases
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.packs.models import City
from yanglao.kernel.scope import everything


@pytest.fixture(autouse=True)
def all_seen():
    with everything("test"):
        yield


@pytest.fixture
def higher(house):
    return sample.raised(sample.text_in_use(house))


def rate_now(house):
    policy = {p.id: p for p in policies_of(house.city)}["ningbo-advanced-age-allowance"]
    return policy.parameters["rates"].at(Month(2026, 11).last).table[80]


def test_a_draft_changes_nothing_until_it_is_published(house, higher):
    made = sample.submitted(house, text=higher)
    assert rate_now(house) == 6000
    actions.publish(house.actor(sample.PUBLISHER, house.city), made)
    assert rate_now(house) == 8000


def test_who_wrote_it_may_not_publish_it(house, higher):
    made = sample.submitted(house, text=higher)
    with pytest.raises(Forbidden):
        actions.publish(house.actor(sample.WRITER, house.city), made)
    both = Actor.of(house.user(sample.WRITER, house.city), "page")
    both = type(both)(both.user_id, both.name, "page", is_system=True)
    with pytest.raises(ValidationError, match="另一位"):
        actions.publish(both, made)
    assert rate_now(house) == 6000


def test_a_draft_with_mistakes_is_not_handed_over(house):
    made = sample.draft(house)
    writer = house.actor(sample.WRITER, house.city)
    made = actions.save(writer, made, text=made.text.replace("age >= start_age", "agee >= 1"), number=1)
    with pytest.raises(ValidationError, match="处问题"):
        actions.submit(writer, made, effective_on=timezone.localdate(), reason="x")


def test_it_waits_for_its_day(house, higher, monkeypatch):
    day = timezone.localdate() + dt.timedelta(days=3)
    made = sample.publication(house, on=day, text=higher)
    assert (made.state, rate_now(house)) == ("waiting", 6000)
    monkeypatch.setattr(timezone, "localdate", lambda *a: day)
    enqueue(Actor.system("test"), tasks.start_due)
    made.refresh_from_db()
    assert (made.state, rate_now(house)) == ("standing", 8000)


def test_taken_back_the_folders_text_stands_again(house, higher):
    made = sample.publication(house, text=higher)
    made = actions.withdraw(house.actor(sample.PUBLISHER, house.city), made, reason="标准写错")
    assert (made.state, made.end_reason, rate_now(house)) == ("withdrawn", "标准写错", 6000)
    with pytest.raises(ValidationError, match="不在用"):
        actions.withdraw(house.actor(sample.PUBLISHER, house.city), made, reason="x")


def test_loading_the_folder_again_leaves_what_was_published(house, higher, monkeypatch):
    sample.publication(house, text=higher)
    texts = {f.name: f.text for f in PolicyFile.objects.filter(published=False)}
    texts[sample.NAME] += "# 文件夹里的新说明\n"
    monkeypatch.setattr(packs, "policy_texts", lambda files, folder: dict(texts))

    class Folder:
        name = "ningbo"

    class Pack:
        folder = Folder

    packs.apply(Actor.system("test"), Pack, ())
    assert rate_now(house) == 8000
    city = City.objects.get(pk="ningbo")
    assert published.folder_text(city, sample.NAME) == texts[sample.NAME]


def test_a_second_publication_replaces_the_first(house, higher):
    first = sample.publication(house, text=higher)
    second = sample.publication(
        house,
        text=higher.replace("80: 80", "80: 90")
        .replace("960", "1080")
        .replace("total: 800}", "total: 900}")
        .replace("1100", "1150")
        .replace("320", "360")
        .replace("[80,", "[90,")
        .replace("80, 80, 0", "90, 90, 0"),
    )
    first.refresh_from_db()
    assert (first.state, second.state, rate_now(house)) == ("replaced", "standing", 9000)
    assert Publication.objects.filter(state="standing").count() == 1


def test_the_difference_is_told_in_words(higher, house):
    found = difference.by_meaning(sample.text_in_use(house), higher)
    rates = [c for c in found if "各年龄档每月标准" in c.where]
    assert [(c.kind, c.before, c.after) for c in rates] == [("changed", "60元", "80元")]
    assert "2023-01-01，80 档" in rates[0].where


def test_added_and_removed_clauses_are_named():
    before = "eligibility:\n  - {id: a, label: {zh: 甲, en: A}, when: age >= 60}\n"
    after = "eligibility:\n  - {id: b, label: {zh: 乙, en: B}, when: age >= 70}\n"
    found = difference.by_meaning(before, after)
    assert [(c.kind, c.where) for c in found] == [("added", "条件“乙”"), ("removed", "条件“甲”")]


def test_a_later_value_is_compared_with_what_held_before():
    head = "parameters:\n  r:\n    label: {zh: 标准, en: Rate}\n    unit: yuan\n    values:\n      - {from: 2020-01-01, value: 50}\n"
    found = difference.by_meaning(head, head + "      - {from: 2026-01-01, value: 60}\n")
    assert [(c.before, c.after) for c in found] == [("50元", "60元")]


def test_lines_far_from_a_change_are_left_out():
    text = "".join(f"a{i}: 1\n" for i in range(40))
    lines = difference.by_text(text, text.replace("a20: 1", "a20: 2"))
    assert len([line for line in lines if line.tone]) == 1
    assert [line.skipped for line in lines if line.skipped] == [17, 16]


def test_the_pages_show_who_and_what(house, higher):
    made = sample.publication(house, text=higher)
    client = house.client("auditor", house.city)
    page = client.get(made.get_absolute_url()).content.decode()
    for said in ("80元", "60元", "调整标准", "市级民政干部", "审批人"):
        assert said in page
    text = client.get(reverse("policymaking:publication_file", args=[made.pk])).content.decode()
    assert text == higher
    history = client.get(reverse("policymaking:history"), {"name": sample.NAME}).content.decode()
    assert "城市文件夹" in history
    assert "调整标准" in history


def test_the_whole_way_on_the_pages(house, higher):
    writer, publisher = house.client(sample.WRITER, house.city), house.client(sample.PUBLISHER, house.city)
    sample.text_in_use(house)
    begun = writer.post(reverse("policymaking:begin"), {"source": f"use:{sample.NAME}", "name": ""})
    pk = int(begun["Location"].split("/")[-3])
    sent = {"text": higher, "number": 1, "seen": ""}
    assert writer.post(reverse("policymaking:edit", args=[pk]), sent).status_code == 302
    ask = {"effective_on": timezone.localdate().isoformat(), "reason": "调整"}
    assert writer.post(reverse("policymaking:submit", args=[pk]), ask).status_code == 302
    waiting = publisher.get(reverse("cases:mine")).content.decode()
    assert "高龄老人生活津贴" in waiting
    assert "核对发布" in waiting
    assert publisher.post(reverse("policymaking:publish", args=[pk]), {"comment": "相符"}).status_code == 302
    assert rate_now(house) == 8000


def test_given_back_it_is_written_on_and_handed_over_again_in_the_same_case(house, higher):
    made = sample.submitted(house, text=higher)
    case, publisher = made.case, house.actor(sample.PUBLISHER, house.city)
    made = actions.send_back(publisher, made, reason="文号不对")
    assert (made.state, made.answer, made.case.step) == ("open", "文号不对", "submit")
    writer = house.actor(sample.WRITER, house.city)
    made = actions.save(writer, made, text=higher + "# 改过\n", number=2)
    made = actions.submit(writer, made, effective_on=timezone.localdate(), reason="改好")
    actions.publish(publisher, made)
    made.refresh_from_db()
    assert made.case == case
    assert (made.state, made.case.result, made.case.state) == ("published", "published", "ended")


def test_a_step_on_the_cases_own_page_does_the_same_and_no_less(house, higher):
    made = sample.submitted(house, text=higher)
    task = made.case.tasks.get(step="publish", state="open")
    cases.perform(house.actor(sample.PUBLISHER, house.city), task, outcome="publish", reason="相符")
    assert rate_now(house) == 8000
    assert Publication.objects.get(draft=made).publisher_id == house.user(sample.PUBLISHER, house.city).pk


def test_nothing_is_handed_over_past_the_drafts_page(house, higher):
    made = sample.submitted(house, text=higher)
    made = actions.send_back(house.actor(sample.PUBLISHER, house.city), made, reason="再看")
    task = made.case.tasks.get(step="submit", state="open")
    with pytest.raises(ValidationError, match="草稿页面"):
        cases.perform(house.actor(sample.WRITER, house.city), task, outcome="sent")


def test_dropping_a_draft_ends_its_case_and_the_other_way_round(house, higher):
    writer = house.actor(sample.WRITER, house.city)
    made = actions.drop(writer, sample.submitted(house, text=higher), reason="不调了")
    assert (made.state, made.answer, made.case.state) == ("dropped", "不调了", "ended")
    other = sample.submitted(house, text=higher)
    cases.void(writer, other.case, reason="重复")
    other.refresh_from_db()
    assert (other.state, other.answer) == ("dropped", "重复")


def test_a_draft_handed_over_before_there_were_cases_is_published_all_the_same(house, higher):
    made = sample.submitted(house, text=higher)
    old = made.case
    type(made).objects.filter(pk=made.pk).update(case=None)
    type(old).objects.filter(pk=old.pk).update(key="old")
    made.refresh_from_db()
    actions.publish(house.actor(sample.PUBLISHER, house.city), made)
    assert rate_now(house) == 8000
