// gitbeaker against a GitLab: what a rotation asks for, as this client asks for it.
import { failure, installed, introduce, same, step, until } from "./steps.mjs";

const { Gitlab } = await installed("@gitbeaker/rest", "dist/index.mjs");
const { GITLAB_BASE_URL: host, OWNER_TOKEN, ADMIN_TOKEN, TODAY } = process.env;
const owner = new Gitlab({ host, token: OWNER_TOKEN });
const admin = new Gitlab({ host, token: ADMIN_TOKEN });
const [project, tracker] = ["security/inventory-builder", "security/tracker"];
const day = (ahead) => new Date(Date.parse(TODAY) + ahead * 86_400_000).toISOString().slice(0, 10);
const status = (error) => error.cause?.response?.status;

await introduce("@gitbeaker/rest");

await step("version and caller", async () => {
  const { version, enterprise } = await owner.Metadata.show();
  same([typeof version, enterprise], ["string", true]);
  same((await owner.Users.showCurrentUser()).username, "security-rotation");
  same((await admin.Users.showCurrentUser()).is_admin, true);
});

await step("service accounts of a group and of the instance, and their tokens", async () => {
  const made = await owner.GroupServiceAccounts.create("security", { username: "by-gitbeaker", name: "" });
  same([made.username, made.name], ["by-gitbeaker", "Service account user"]);
  // This client posts a token to the account itself, which has no such method.
  const wanted = { name: "one", scopes: ["read_api"], expiresAt: day(30) };
  const refused = await failure(() =>
    owner.GroupServiceAccounts.createPersonalAccessToken("security", made.id, wanted),
  );
  same(status(refused), 405);
  const instance = await admin.ServiceAccounts.create({ username: "by-gitbeaker-too", name: "Too" });
  same(instance.name, "Too");
  await admin.Users.remove(instance.id, { hardDelete: true });
  // GitLab deletes after its answer.
  const left = () => admin.Users.all({ username: "by-gitbeaker-too" });
  await until(left, ({ length }) => length === 0);
});

await step("tokens by their id and by self: read, listed, rotated, revoked", async () => {
  same((await owner.PersonalAccessTokens.show()).name, "owner");
  const [inventory] = await admin.Users.all({ username: "gl-security-scanner" });
  const [token] = await admin.PersonalAccessTokens.all({ userId: inventory.id, state: "active", revoked: false });
  const fresh = await admin.PersonalAccessTokens.rotate(token.id, { expiresAt: day(20) });
  same(fresh.expires_at, day(20));
  same((await admin.PersonalAccessTokens.show({ tokenId: token.id })).revoked, true);
  await admin.PersonalAccessTokens.remove({ tokenId: fresh.id });
  same((await admin.PersonalAccessTokens.show({ tokenId: fresh.id })).active, false);
});

for (const [members, id] of [
  [owner.ProjectMembers, project],
  [owner.GroupMembers, "security"],
]) {
  await step(`members of ${id}: added, listed, changed, removed`, async () => {
    const user = { userId: 14 };
    await members.add(id, 20, { ...user, expiresAt: day(60) });
    const ids = async (options) => (await members.all(id, options)).map((one) => one.id);
    same([(await ids()).includes(14), (await ids({ includeInherited: true })).includes(14)], [true, true]);
    await members.edit(id, 14, 30);
    const { access_level, expires_at } = await members.show(id, 14);
    same([access_level, expires_at], [30, day(60)]);
    await members.remove(id, 14);
    same((await ids()).includes(14), false);
  });
}

for (const [variables, id] of [
  [owner.ProjectVariables, project],
  [owner.GroupVariables, "security"],
]) {
  await step(`variables of ${id}, with scopes`, async () => {
    await variables.create(id, "CLIENT", "a.value.of.ours", {
      masked: true,
      protected: true,
      environmentScope: "production",
    });
    await variables.create(id, "CLIENT", "elsewhere");
    const filter = { environment_scope: "production" };
    same((await variables.show(id, "CLIENT", { filter })).value, "a.value.of.ours");
    same(status(await failure(() => variables.show(id, "CLIENT"))), 409);
    same((await variables.edit(id, "CLIENT", "a.new.value", { masked: true, filter })).value, "a.new.value");
    await variables.remove(id, "CLIENT", { filter });
    same(
      (await variables.all(id)).filter(({ key }) => key === "CLIENT").map((one) => one.environment_scope),
      ["*"],
    );
    await variables.remove(id, "CLIENT");
  });
}

await step("pipelines, jobs and schedules: created, listed, retried, played", async () => {
  const made = await owner.Pipelines.create(project, "main");
  const ended = (id) =>
    until(
      () => owner.Pipelines.show(project, id),
      (one) => ["success", "failed"].includes(one.status),
    );
  await ended(made.id);
  const jobs = await owner.Jobs.all(project, {
    pipelineId: made.id,
    scope: ["failed", "success"],
    includeRetried: true,
  });
  same(
    jobs.some(({ name }) => name === "build-inventory"),
    true,
  );
  same(typeof (await owner.Jobs.showLog(project, jobs[0].id)), "string");
  await owner.Pipelines.retry(project, made.id);
  await ended(made.id);
  const [schedule] = await owner.PipelineSchedules.all(project, { scope: "active" });
  const { next_run_at } = await owner.PipelineSchedules.show(project, schedule.id);
  same(next_run_at > TODAY, true);
  const pipelines = () => owner.Pipelines.all(project, { source: "schedule" });
  const before = (await pipelines()).length;
  await owner.PipelineSchedules.run(project, schedule.id);
  await until(pipelines, ({ length }) => length === before + 1);
});

await step("issues, merge requests and their notes", async () => {
  const issue = await owner.Issues.create(tracker, "By gitbeaker", { labels: "a,b", confidential: true });
  same(
    (await owner.Issues.all({ projectId: tracker, labels: "a,b", state: "opened" })).map(({ iid }) => iid),
    [issue.iid],
  );
  const note = await owner.IssueNotes.create(tracker, issue.iid, "One", { internal: true });
  await owner.IssueNotes.edit(tracker, issue.iid, note.id, { body: "Two" });
  same(
    (await owner.IssueNotes.all(tracker, issue.iid, { sort: "asc" })).map(({ body }) => body),
    ["Two"],
  );
  same((await owner.Issues.edit(tracker, issue.iid, { stateEvent: "close" })).state, "closed");
  const action = { action: "create", filePath: "gitbeaker.txt", content: "One\n" };
  await owner.Commits.create(tracker, "gitbeaker", "By gitbeaker", [action], { startBranch: "main" });
  const request = await owner.MergeRequests.create(tracker, "gitbeaker", "main", "By gitbeaker");
  await owner.MergeRequestNotes.create(tracker, request.iid, "One");
  same((await owner.MergeRequestNotes.all(tracker, request.iid)).filter((one) => !one.system).length, 1);
  same((await owner.MergeRequests.all({ projectId: tracker, state: "opened", sourceBranch: "gitbeaker" })).length, 1);
  same((await owner.MergeRequests.accept(tracker, request.iid)).state, "merged");
});
