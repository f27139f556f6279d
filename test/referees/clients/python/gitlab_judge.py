"""python-gitlab against a GitLab: what a rotation asks for, as this client asks for it."""

import os
import time
from datetime import date, timedelta

import gitlab
from gitlab.exceptions import GitlabAuthenticationError, GitlabCreateError, GitlabGetError, GitlabListError

from steps import introduce, same, step

URL = os.environ["GITLAB_BASE_URL"]
DAY = date.fromisoformat(os.environ["TODAY"])
owner = gitlab.Gitlab(URL, private_token=os.environ["OWNER_TOKEN"], retry_transient_errors=False)
admin = gitlab.Gitlab(URL, private_token=os.environ["ADMIN_TOKEN"])
group = owner.groups.get("security")
project = owner.projects.get("security/inventory-builder")
tracker = owner.projects.get("security/tracker")


def until(look, wanted):
    for _ in range(200):
        if look() in wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"{look()!r} where {wanted!r} was expected")


def accounts(where, username: str, owned: bool) -> None:
    manager = where.service_accounts
    made = manager.create({"name": "Made by a client", "username": username})
    same(made.username, username)
    assert made.id in [one.id for one in manager.list(order_by="username", sort="asc", get_all=True)]
    made.name = "Renamed by a client"
    made.save()
    same([one.name for one in manager.list(get_all=True) if one.id == made.id], ["Renamed by a client"])
    if owned:
        tokens(made.access_tokens)
        made.delete()
        # Workers delete it, after the answer.
        until(lambda: made.id in [one.id for one in manager.list(get_all=True)], [False])


def tokens(manager) -> None:
    expires = str(DAY + timedelta(days=30))
    made = manager.create({"name": "one", "scopes": ["read_api"], "description": "by a client", "expires_at": expires})
    same((made.expires_at, made.scopes, made.active, made.revoked), (expires, ["read_api"], True, False))
    own = gitlab.Gitlab(URL, private_token=made.token)
    same(own.personal_access_tokens.get("self").id, made.id)
    active = manager.list(state="active", revoked=False, search="one", get_all=True)
    same([one.id for one in active], [made.id])
    stale = made.token
    made.rotate(expires_at=str(DAY + timedelta(days=10)))
    same(made.expires_at, str(DAY + timedelta(days=10)))
    try:
        gitlab.Gitlab(URL, private_token=stale).personal_access_tokens.get("self")
        raise AssertionError("the token from before the rotation lives")
    except GitlabAuthenticationError:
        pass
    manager.delete(made.id)
    same([one.id for one in manager.list(state="active", get_all=True)], [])
    same(len(manager.list(revoked=True, get_all=True)), 2)


def variable(manager, scoped: bool) -> None:
    scope = {"environment_scope": "production"} if scoped else {}
    made = manager.create({"key": "CLIENT", "value": "a.value.of.ours", "masked": True, "protected": True, "raw": False, **scope})
    same((made.masked, made.protected), (True, True))
    if not scoped:
        made.value = "another.value"
        made.save()
        same(manager.get("CLIENT").value, "another.value")
        made.delete()
        return
    manager.create({"key": "CLIENT", "value": "elsewhere", "environment_scope": "*"})
    one = {"environment_scope": "production"}
    same(manager.get("CLIENT", filter=one).value, "a.value.of.ours")
    try:
        manager.get("CLIENT")
        raise AssertionError("one of two variables was chosen without a filter")
    except GitlabGetError as error:
        same(error.response_code, 409)
    manager.update("CLIENT", {"value": "a.new.value", "masked": True, "filter": one})
    same(manager.get("CLIENT", filter=one).value, "a.new.value")
    manager.delete("CLIENT", filter=one)
    same([v.environment_scope for v in manager.list(get_all=True) if v.key == "CLIENT"], ["*"])
    manager.delete("CLIENT")


introduce("python-gitlab")

with step("version and caller"):
    same(len(owner.version()), 2)
    owner.auth()
    same(owner.user.username, "security-rotation")
    admin.auth()
    same((admin.user.is_admin, "@" in admin.user.email), (True, True))

with step("service accounts of a group, and their tokens"):
    accounts(group, "client-group", True)

with step("service accounts of a project, and their tokens"):
    accounts(project, "client-project", True)

with step("service accounts of the instance, deleted as users"):
    accounts(admin, "client-instance", False)
    made = admin.users.list(username="client-instance")[0]
    minted = admin.http_post(f"/users/{made.id}/personal_access_tokens", post_data={
        "name": "one", "scopes": ["read_api"], "expires_at": str(DAY + timedelta(days=3))})
    same([one.id for one in admin.personal_access_tokens.list(user_id=made.id, get_all=True)], [minted["id"]])
    admin.personal_access_tokens.delete(minted["id"])
    same(admin.personal_access_tokens.get(minted["id"]).revoked, True)
    admin.users.delete(made.id, hard_delete=True)
    until(lambda: len(admin.users.list(username="client-instance")), [0])

with step("fine-grained tokens: made by an administrator and by the account itself, read, listed, refused, rotated; then their account is deleted"):
    expires = str(DAY + timedelta(days=30))
    reads = {"access": "selected_memberships", "permissions": ["read_job"], "project_ids": [project.id]}
    account = group.service_accounts.create({"name": "Narrow", "username": "client-narrow"})
    project.members.create({"user_id": account.id, "access_level": gitlab.const.AccessLevel.DEVELOPER})
    # The client's own way to make a token asks for scopes, which these have none of.
    wanted = {"name": "narrow", "granular_scopes": [reads], "expires_at": expires}
    by_admin = admin.http_post(f"/users/{account.id}/personal_access_tokens", post_data=wanted)
    helper = account.access_tokens.create({"name": "helper", "scopes": ["api"], "expires_at": expires})
    own = gitlab.Gitlab(URL, private_token=helper.token).http_post("/user/personal_access_tokens", post_data=wanted)
    helper.delete()
    for made in (by_admin, own):
        same(made["scopes"], ["granular"])
        narrow = gitlab.Gitlab(URL, private_token=made["token"])
        read_only = narrow.projects.get(project.id, lazy=True)
        assert read_only.jobs.list(per_page=1, page=1)
        try:
            read_only.variables.list(get_all=True)
            raise AssertionError("it read more than its permissions say")
        except GitlabListError as error:
            same((error.response_code, error.error_message), (403, "insufficient_granular_scope"))
    listed = account.access_tokens.list(state="active", get_all=True)
    same(sorted(one.id for one in listed), sorted([by_admin["id"], own["id"]]))
    for one in listed:
        same((one.granular, one.granular_scopes[0]["permissions"], one.granular_scopes[0]["project_id"]),
             (True, ["read_job"], project.id))
    fresh = account.access_tokens.list(search="narrow", state="active", get_all=True)[0]
    fresh.rotate(expires_at=expires)
    same((fresh.granular, len(fresh.granular_scopes)), (True, 1))
    account.delete()
    until(lambda: account.id in [one.id for one in project.members.list(get_all=True)], [False])
    assert account.id not in [one.id for one in group.service_accounts.list(get_all=True)]

with step("access tokens of a group and of a project: side by side, rotated, revoked"):
    for where, kind in ((group, "group"), (project, "project")):
        made = [where.access_tokens.create({
            "name": name, "description": "by a client", "scopes": ["read_api"], "expires_at": str(DAY + timedelta(days=30)),
            "access_level": gitlab.const.AccessLevel.REPORTER}) for name in ("one", "two")]
        one, two = made
        same((one.access_level, one.resource_type, one.description, one.active), (20, kind, "by a client", True))
        assert one.user_id != two.user_id, "both have one bot"
        for token in made:
            same(gitlab.Gitlab(URL, private_token=token.token).personal_access_tokens.get("self").id, token.id)
        same([token.id for token in where.access_tokens.list(state="active", search="one", get_all=True)], [one.id])
        same(where.access_tokens.get(two.id).name, "two")
        fresh = where.access_tokens.rotate(one.id, expires_at=str(DAY + timedelta(days=10)))
        same(fresh["user_id"], one.user_id)
        where.access_tokens.delete(fresh["id"])
        two.delete()
        same(where.access_tokens.list(state="active", get_all=True), [])

with step("members of a project and a group: added, listed, changed, removed"):
    for where in (project, group):
        expires = str(DAY + timedelta(days=60))
        where.members.create({"user_id": 14, "access_level": gitlab.const.AccessLevel.REPORTER, "expires_at": expires})
        assert 14 in [one.id for one in where.members.list(get_all=True)]
        assert 14 in [one.id for one in where.members_all.list(get_all=True)]
        assert 14 in [one.id for one in where.members.list(query="other.group", get_all=True)]
        member = where.members.get(14)
        same((member.access_level, member.expires_at), (20, expires))
        member.access_level = gitlab.const.AccessLevel.DEVELOPER
        member.save()
        same((where.members.get(14).access_level, where.members.get(14).expires_at), (30, expires))
        member.delete()
        assert 14 not in [one.id for one in where.members.list(get_all=True)]

with step("variables of a project, a group and the instance, with scopes"):
    variable(project.variables, True)
    variable(group.variables, True)
    variable(admin.variables, False)

with step("pipelines and jobs: created, listed, cancelled, retried, traces read"):
    made = project.pipelines.create({"ref": "main"})
    until(lambda: project.pipelines.get(made.id).status, ["success", "failed"])
    jobs = made.jobs.list(get_all=True, include_retried=True)
    assert {"lint", "build-inventory"} <= {job.name for job in jobs}, [job.name for job in jobs]
    same(len(made.jobs.list(scope=["failed"], get_all=True)), 1)
    assert isinstance(project.jobs.get(jobs[0].id).trace(), bytes)
    same([one.id for one in project.pipelines.list(ref="main", source="api", order_by="id", sort="desc", per_page=1, page=1)], [made.id])
    made.retry()
    until(lambda: project.pipelines.get(made.id).status, ["success", "failed"])
    project.jobs.get(made.jobs.list(scope="failed", get_all=True)[0].id).retry()
    made.cancel()
    same(made.bridges.list(get_all=True), [])

with step("pipeline schedules: listed, read, played, their pipelines and their next run"):
    [schedule] = project.pipelineschedules.list(scope="active", get_all=True)
    schedule = project.pipelineschedules.get(schedule.id)
    assert schedule.next_run_at[:10] > str(DAY), schedule.next_run_at
    before = len(schedule.pipelines.list(get_all=True))
    schedule.play()
    until(lambda: len(schedule.pipelines.list(get_all=True)), [before + 1])

with step("issues and notes"):
    issue = tracker.issues.create({"title": "By a client", "labels": ["a", "b"], "confidential": True})
    same([one.iid for one in tracker.issues.list(labels=["a", "b"], state="opened", confidential=True, get_all=True)], [issue.iid])
    note = issue.notes.create({"body": "One", "internal": True})
    note.body = "Two"
    note.save()
    same([one.body for one in issue.notes.list(order_by="created_at", sort="asc", get_all=True)], ["Two"])
    note.delete()
    issue.labels = ["a"]
    issue.state_event = "close"
    issue.save()
    same((issue.state, issue.labels), ("closed", ["a"]))
    for title in ("", "   "):
        try:
            tracker.issues.create({"title": title})
            raise AssertionError("an issue has a blank title")
        except GitlabCreateError as error:
            same(error.response_code, 400)

with step("merge requests and notes, over a commit of a branch"):
    tracker.commits.create({"branch": "client", "start_branch": "main", "commit_message": "By a client",
                            "actions": [{"action": "create", "file_path": "client.txt", "content": "One\n"}]})
    request = tracker.mergerequests.create({"source_branch": "client", "target_branch": "main", "title": "By a client"})
    note = request.notes.create({"body": "One"})
    note.body = "Two"
    note.save()
    same([one.body for one in request.notes.list(get_all=True) if not one.system], ["Two"])
    same([one.iid for one in tracker.mergerequests.list(state="opened", source_branch="client", get_all=True)], [request.iid])
    request.merge(should_remove_source_branch=True)
    same(tracker.mergerequests.get(request.iid).state, "merged")
    same(tracker.files.get("client.txt", ref="main").decode(), b"One\n")
