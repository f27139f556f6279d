import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.gitlab4j.api.GitLabApi;
import org.gitlab4j.api.GitLabApiException;
import org.gitlab4j.api.models.AccessLevel;
import org.gitlab4j.api.models.CommitAction;
import org.gitlab4j.api.models.ImpersonationToken;
import org.gitlab4j.api.models.IssueFilter;
import org.gitlab4j.models.Constants;

/** gitlab4j against a GitLab: what a rotation asks for, as this client asks for it. It knows no service accounts. */
final class GitLabJudge {
    private static final String PROJECT = "security/inventory-builder";
    private static final String TRACKER = "security/tracker";
    private static final long MEMBER = 14;
    private static final GitLabApi OWNER = connect("OWNER_TOKEN");
    private static final GitLabApi ADMIN = connect("ADMIN_TOKEN");

    private interface Work {
        void run() throws Exception;
    }

    private static GitLabApi connect(String token) {
        return new GitLabApi(System.getenv("GITLAB_BASE_URL"), System.getenv(token));
    }

    private static void step(String what, Work work) {
        try {
            work.run();
            System.out.println("ok " + what);
        } catch (Exception | AssertionError error) {
            System.out.println("not ok " + what + ": " + String.valueOf(error).replaceAll("\\s+", " "));
        }
    }

    private static void same(Object found, Object wanted) {
        if (!Objects.equals(found, wanted)) throw new AssertionError(found + " where " + wanted + " was expected");
    }

    private static Date day(int ahead) {
        LocalDate day = LocalDate.parse(System.getenv("TODAY")).plusDays(ahead);
        return Date.from(day.atTime(12, 0).toInstant(ZoneOffset.UTC));
    }

    private static String text(Date date) {
        return date == null ? null : date.toInstant().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static void ended(long pipeline) throws Exception {
        for (int times = 0; times < 200; times += 1) {
            String status = OWNER.getPipelineApi().getPipeline(PROJECT, pipeline).getStatus().toString();
            if (List.of("success", "failed").contains(status)) return;
            Thread.sleep(50);
        }
        throw new AssertionError("the pipeline did not end");
    }

    private static void tokens() throws Exception {
        var scopes = new ImpersonationToken.Scope[] {ImpersonationToken.Scope.READ_API};
        long user = ADMIN.getUserApi().getUser("gl-security-scanner").getId();
        var made = ADMIN.getUserApi().createPersonalAccessToken(user, "one", day(30), scopes);
        same(text(made.getExpiresAt()), text(day(30)));
        same(new GitLabApi(System.getenv("GITLAB_BASE_URL"), made.getToken()).getPersonalAccessTokenApi().getPersonalAccessToken().getId(), made.getId());
        var fresh = ADMIN.getPersonalAccessTokenApi().rotatePersonalAccessToken(made.getId().toString(), day(9));
        same(text(fresh.getExpiresAt()), text(day(9)));
        ADMIN.getPersonalAccessTokenApi().revokePersonalAccessToken(fresh.getId());
        same(ADMIN.getPersonalAccessTokenApi().getPersonalAccessToken(fresh.getId().toString()).isRevoked(), true);
    }

    private static void members() throws Exception {
        OWNER.getProjectApi().addMember(PROJECT, MEMBER, AccessLevel.REPORTER, day(60));
        same(OWNER.getProjectApi().getMembers(PROJECT).stream().anyMatch(one -> one.getId() == MEMBER), true);
        OWNER.getProjectApi().updateMember(PROJECT, MEMBER, AccessLevel.DEVELOPER);
        var changed = OWNER.getProjectApi().getMember(PROJECT, MEMBER);
        same(changed.getAccessLevel() + " " + text(changed.getExpiresAt()), AccessLevel.DEVELOPER + " " + text(day(60)));
        OWNER.getProjectApi().removeMember(PROJECT, MEMBER);
        OWNER.getGroupApi().addMember("security", MEMBER, AccessLevel.GUEST);
        OWNER.getGroupApi().removeMember("security", MEMBER);
    }

    private static void variables() throws Exception {
        OWNER.getProjectApi().createVariable(PROJECT, "CLIENT", "a.value.of.ours", true, "production");
        same(OWNER.getProjectApi().getVariable(PROJECT, "CLIENT").getValue(), "a.value.of.ours");
        OWNER.getProjectApi().createVariable(PROJECT, "CLIENT", "elsewhere", false);
        try {
            OWNER.getProjectApi().getVariable(PROJECT, "CLIENT");
            throw new AssertionError("one of two variables was chosen without a filter");
        } catch (GitLabApiException error) {
            same(error.getHttpStatus(), 409);
        }
        OWNER.getGroupApi().createVariable("security", "CLIENT", "one", false, false);
        same(OWNER.getGroupApi().updateVariable("security", "CLIENT", "two", false, false).getValue(), "two");
        OWNER.getGroupApi().deleteVariable("security", "CLIENT");
    }

    private static void pipelines() throws Exception {
        var made = OWNER.getPipelineApi().createPipeline(PROJECT, "main");
        ended(made.getId());
        var failed = OWNER.getJobApi().getJobsForPipeline(PROJECT, made.getId(), Constants.JobScope.FAILED, true);
        same(failed.size(), 1);
        same(OWNER.getJobApi().getTrace(PROJECT, failed.get(0).getId()).isEmpty(), false);
        OWNER.getPipelineApi().retryPipelineJob(PROJECT, made.getId());
        ended(made.getId());
        var schedule = OWNER.getPipelineApi().getPipelineSchedules(PROJECT).get(0);
        same(OWNER.getPipelineApi().getPipelineSchedule(PROJECT, schedule.getId()).getNextRunAt().after(day(0)), true);
        OWNER.getPipelineApi().playPipelineSchedule(PROJECT, schedule.getId());
    }

    private static void issues() throws Exception {
        var issue = OWNER.getIssuesApi().createIssue(TRACKER, "By Java", "One", true, null, null, "a,b", null, null, null, null);
        var listed = OWNER.getIssuesApi().getIssues(TRACKER, new IssueFilter().withLabels(List.of("a", "b")).withState(Constants.IssueState.OPENED));
        same(listed.stream().map(one -> one.getIid()).toList(), List.of(issue.getIid()));
        var note = OWNER.getNotesApi().createIssueNote(TRACKER, issue.getIid(), "One");
        same(OWNER.getNotesApi().updateIssueNote(TRACKER, issue.getIid(), note.getId(), "Two").getBody(), "Two");
        OWNER.getNotesApi().deleteIssueNote(TRACKER, issue.getIid(), note.getId());
        same(OWNER.getIssuesApi().closeIssue(TRACKER, issue.getIid()).getState(), Constants.IssueState.CLOSED);
    }

    private static void mergeRequests() throws Exception {
        var action = new CommitAction().withAction(CommitAction.Action.CREATE).withFilePath("java.txt").withContent("One\n");
        OWNER.getCommitsApi().createCommit(TRACKER, "by-java", "By Java", "main", null, null, action);
        var request = OWNER.getMergeRequestApi().createMergeRequest(TRACKER, "by-java", "main", "By Java", "One", null);
        OWNER.getNotesApi().createMergeRequestNote(TRACKER, request.getIid(), "One", null, null);
        same(OWNER.getMergeRequestApi().acceptMergeRequest(TRACKER, request.getIid()).getState(), "merged");
    }

    public static void main(String[] arguments) {
        System.out.println("gitlab4j-api " + System.getenv("GITLAB4J"));
        step("tokens of a user, by an administrator: made, read, rotated, revoked", GitLabJudge::tokens);
        step("members of a project and a group", GitLabJudge::members);
        step("variables of a project and a group", GitLabJudge::variables);
        step("pipelines, jobs and schedules: created, listed, retried, played", GitLabJudge::pipelines);
        step("issues and notes", GitLabJudge::issues);
        step("merge requests and notes, over a commit of a branch", GitLabJudge::mergeRequests);
    }
}
