// GitLab's own client for Go against a GitLab: what a rotation asks for, as this client asks for it.
package main

import (
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	. "clients/judge"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
)

const (
	project = "security/inventory-builder"
	tracker = "security/tracker"
	group   = "security"
)

var (
	owner = connect("OWNER_TOKEN")
	admin = connect("ADMIN_TOKEN")
)

func connect(token string) *gitlab.Client {
	return Made(gitlab.NewClient(os.Getenv(token), gitlab.WithBaseURL(os.Getenv("GITLAB_BASE_URL")), gitlab.WithoutRetries()))
}

func day(ahead int) *gitlab.ISOTime {
	today := Made(time.Parse(time.DateOnly, os.Getenv("TODAY")))
	return gitlab.Ptr(gitlab.ISOTime(today.AddDate(0, 0, ahead)))
}

func text(day *gitlab.ISOTime) *string { return gitlab.Ptr(day.String()) }

func status(response *gitlab.Response, err error) int {
	if err == nil || response == nil {
		panic("it was not refused")
	}
	return response.StatusCode
}

func groupAccounts() {
	made := Got(owner.Groups.CreateServiceAccount(group, &gitlab.CreateServiceAccountOptions{Name: gitlab.Ptr("By Go"), Username: gitlab.Ptr("by-go")}))
	renamed := Got(owner.Groups.UpdateServiceAccount(group, made.ID, &gitlab.UpdateServiceAccountOptions{Name: gitlab.Ptr("Renamed")}))
	Same(renamed.Name, "Renamed")
	listed := Got(owner.Groups.ListServiceAccounts(group, &gitlab.ListServiceAccountsOptions{OrderBy: gitlab.Ptr("username"), Sort: gitlab.Ptr("asc")}))
	Same(slices.ContainsFunc(listed, func(one *gitlab.GroupServiceAccount) bool { return one.ID == made.ID }), true)
	token := Got(owner.Groups.CreateServiceAccountPersonalAccessToken(group, made.ID, &gitlab.CreateServiceAccountPersonalAccessTokenOptions{
		Name: gitlab.Ptr("one"), Description: gitlab.Ptr("by Go"), Scopes: &[]string{"read_api"}, ExpiresAt: day(30)}))
	Same([]any{token.ExpiresAt.String(), token.Active, token.Scopes}, []any{day(30).String(), true, []string{"read_api"}})
	active := Got(owner.Groups.ListServiceAccountPersonalAccessTokens(group, made.ID, &gitlab.ListServiceAccountPersonalAccessTokensOptions{
		State: gitlab.Ptr("active"), Revoked: gitlab.Ptr(false), Search: gitlab.Ptr("one")}))
	Same(len(active), 1)
	fresh := Got(owner.Groups.RotateServiceAccountPersonalAccessToken(group, made.ID, token.ID, &gitlab.RotateServiceAccountPersonalAccessTokenOptions{ExpiresAt: day(9)}))
	Same(fresh.ExpiresAt.String(), day(9).String())
	Made(owner.Groups.RevokeServiceAccountPersonalAccessToken(group, made.ID, fresh.ID))
	Same(Got(owner.PersonalAccessTokens.GetSinglePersonalAccessToken()).Name, "owner")
	Same(Got(admin.PersonalAccessTokens.GetSinglePersonalAccessTokenByID(fresh.ID)).Revoked, true)
	Made(owner.Groups.DeleteServiceAccount(group, made.ID, &gitlab.DeleteServiceAccountOptions{HardDelete: gitlab.Ptr(true)}))
}

func projectAccounts() {
	made := Got(owner.Projects.CreateProjectServiceAccount(project, &gitlab.CreateProjectServiceAccountOptions{Username: gitlab.Ptr("by-go-for-a-project")}))
	Same(made.Name, "Service account user")
	Same(len(Got(owner.Projects.ListProjectServiceAccounts(project, nil))), 1)
	token := Got(owner.Projects.CreateProjectServiceAccountPersonalAccessToken(project, made.ID, &gitlab.CreateProjectServiceAccountPersonalAccessTokenOptions{
		Name: gitlab.Ptr("one"), Scopes: &[]string{"api"}, ExpiresAt: day(30)}))
	Same(len(Got(owner.Projects.ListProjectServiceAccountPersonalAccessTokens(project, made.ID, nil))), 1)
	Made(owner.Projects.RevokeProjectServiceAccountPersonalAccessToken(project, made.ID, token.ID))
	Made(owner.Projects.DeleteProjectServiceAccount(project, made.ID, nil))
}

func instanceAccounts() {
	made := Got(admin.Users.CreateServiceAccountUser(&gitlab.CreateServiceAccountUserOptions{Name: gitlab.Ptr("By Go"), Username: gitlab.Ptr("by-go-for-all")}))
	Same(Got(admin.Users.UpdateInstanceServiceAccount(made.ID, &gitlab.UpdateServiceAccountOptions{Name: gitlab.Ptr("Renamed")})).Name, "Renamed")
	Same(len(Got(admin.Users.ListServiceAccounts(nil))), 1)
	token := Got(admin.Users.CreatePersonalAccessToken(made.ID, &gitlab.CreatePersonalAccessTokenOptions{
		Name: gitlab.Ptr("one"), Scopes: &[]string{"read_api"}, ExpiresAt: day(30)}))
	Same(len(Got(admin.PersonalAccessTokens.ListPersonalAccessTokens(&gitlab.ListPersonalAccessTokensOptions{UserID: &made.ID}))), 1)
	Made(admin.PersonalAccessTokens.RevokePersonalAccessTokenByID(token.ID))
	Made(admin.Users.DeleteUser(made.ID))
	// GitLab deletes after its answer.
	Until(func() bool {
		return len(Got(admin.Users.ListUsers(&gitlab.ListUsersOptions{Username: gitlab.Ptr("by-go-for-all")}))) == 0
	})
}

func accessTokens() {
	reporter := gitlab.Ptr(gitlab.ReporterPermissions)
	one := Got(owner.GroupAccessTokens.CreateGroupAccessToken(group, &gitlab.CreateGroupAccessTokenOptions{
		Name: gitlab.Ptr("one"), Description: gitlab.Ptr("by Go"), Scopes: &[]string{"read_api"}, AccessLevel: reporter, ExpiresAt: day(30)}))
	Same([]any{one.AccessLevel, one.Active, one.Description, one.ExpiresAt.String()}, []any{gitlab.ReporterPermissions, true, "by Go", day(30).String()})
	Same(len(Got(owner.GroupAccessTokens.ListGroupAccessTokens(group, nil))), 1)
	fresh := Got(owner.GroupAccessTokens.RotateGroupAccessToken(group, one.ID, &gitlab.RotateGroupAccessTokenOptions{ExpiresAt: day(9)}))
	Same(Got(owner.GroupAccessTokens.GetGroupAccessToken(group, fresh.ID)).UserID, one.UserID)
	Made(owner.GroupAccessTokens.RevokeGroupAccessToken(group, fresh.ID))
	two := Got(owner.ProjectAccessTokens.CreateProjectAccessToken(project, &gitlab.CreateProjectAccessTokenOptions{
		Name: gitlab.Ptr("two"), Description: gitlab.Ptr("by Go"), Scopes: &[]string{"read_api"}, AccessLevel: reporter, ExpiresAt: day(30)}))
	Same(Got(owner.ProjectAccessTokens.ListProjectAccessTokens(project, nil))[0].ID, two.ID)
	Made(owner.ProjectAccessTokens.RevokeProjectAccessToken(project, two.ID))
	_, response, err := owner.ProjectAccessTokens.GetProjectAccessToken(project, two.ID)
	Same(status(response, err), http.StatusNotFound)
}

func members() {
	one := int64(14)
	Got(owner.ProjectMembers.AddProjectMember(project, &gitlab.AddProjectMemberOptions{UserID: one, AccessLevel: gitlab.Ptr(gitlab.ReporterPermissions), ExpiresAt: text(day(60))}))
	has := func(all []*gitlab.ProjectMember) bool {
		return slices.ContainsFunc(all, func(member *gitlab.ProjectMember) bool { return member.ID == one })
	}
	Same(has(Got(owner.ProjectMembers.ListProjectMembers(project, nil))), true)
	Same(has(Got(owner.ProjectMembers.ListAllProjectMembers(project, nil))), true)
	changed := Got(owner.ProjectMembers.EditProjectMember(project, one, &gitlab.EditProjectMemberOptions{AccessLevel: gitlab.Ptr(gitlab.DeveloperPermissions)}))
	Same([]any{changed.AccessLevel, changed.ExpiresAt.String()}, []any{gitlab.DeveloperPermissions, day(60).String()})
	Made(owner.ProjectMembers.DeleteProjectMember(project, one))
	Same(has(Got(owner.ProjectMembers.ListProjectMembers(project, nil))), false)
	Got(owner.GroupMembers.AddGroupMember(group, &gitlab.AddGroupMemberOptions{UserID: &one, AccessLevel: gitlab.Ptr(gitlab.GuestPermissions)}))
	Same(Got(owner.GroupMembers.GetGroupMember(group, one)).ExpiresAt == nil, true)
	Same(len(Got(owner.Groups.ListGroupMembers(group, nil))) > 1, true)
	Made(owner.GroupMembers.RemoveGroupMember(group, one, nil))
}

func variables() {
	filter := &gitlab.VariableFilter{EnvironmentScope: "production"}
	key := gitlab.Ptr("CLIENT")
	Got(owner.ProjectVariables.CreateVariable(project, &gitlab.CreateProjectVariableOptions{Key: key, Value: gitlab.Ptr("a.value.of.ours"), EnvironmentScope: gitlab.Ptr("production"), MaskedAndHidden: gitlab.Ptr(true)}))
	Got(owner.ProjectVariables.CreateVariable(project, &gitlab.CreateProjectVariableOptions{Key: key, Value: gitlab.Ptr("elsewhere")}))
	_, response, err := owner.ProjectVariables.GetVariable(project, *key, nil)
	Same(status(response, err), 409)
	hidden := Got(owner.ProjectVariables.GetVariable(project, *key, &gitlab.GetProjectVariableOptions{Filter: filter}))
	Same([]any{hidden.Value, hidden.Hidden, hidden.Masked}, []any{"", true, true})
	Got(owner.ProjectVariables.UpdateVariable(project, *key, &gitlab.UpdateProjectVariableOptions{Value: gitlab.Ptr("a.new.value"), Filter: filter}))
	Made(owner.ProjectVariables.RemoveVariable(project, *key, &gitlab.RemoveProjectVariableOptions{Filter: filter}))
	Made(owner.ProjectVariables.RemoveVariable(project, *key, nil))
	Got(owner.GroupVariables.CreateVariable(group, &gitlab.CreateGroupVariableOptions{Key: key, Value: gitlab.Ptr("one"), EnvironmentScope: gitlab.Ptr("production")}))
	Same(Got(owner.GroupVariables.UpdateVariable(group, *key, &gitlab.UpdateGroupVariableOptions{Value: gitlab.Ptr("two"), Filter: filter})).Value, "two")
	Made(owner.GroupVariables.RemoveVariable(group, *key, &gitlab.RemoveGroupVariableOptions{Filter: filter}))
	Got(admin.InstanceVariables.CreateVariable(&gitlab.CreateInstanceVariableOptions{Key: key, Value: gitlab.Ptr("one")}))
	Same(Got(admin.InstanceVariables.UpdateVariable(*key, &gitlab.UpdateInstanceVariableOptions{Value: gitlab.Ptr("two")})).Value, "two")
	Made(admin.InstanceVariables.RemoveVariable(*key))
}

func pipelines() {
	made := Got(owner.Pipelines.CreatePipeline(project, &gitlab.CreatePipelineOptions{Ref: gitlab.Ptr("main")}))
	ended := func() bool {
		return slices.Contains([]string{"success", "failed"}, Got(owner.Pipelines.GetPipeline(project, made.ID)).Status)
	}
	Until(ended)
	failed := Got(owner.Jobs.ListPipelineJobs(project, made.ID, &gitlab.ListJobsOptions{Scope: &[]gitlab.BuildStateValue{gitlab.Failed}, IncludeRetried: gitlab.Ptr(true)}))
	Same(len(failed), 1)
	Same(len(Made(io.ReadAll(Got(owner.Jobs.GetTraceFile(project, failed[0].ID))))) > 0, true)
	Same(Got(owner.Jobs.RetryJob(project, failed[0].ID)).Name, "build-inventory")
	Until(ended)
	Got(owner.Pipelines.RetryPipelineBuild(project, made.ID))
	Same(len(Got(owner.Jobs.ListPipelineBridges(project, made.ID, nil))), 0)
	listed := Got(owner.Pipelines.ListProjectPipelines(project, &gitlab.ListProjectPipelinesOptions{
		Ref: gitlab.Ptr("main"), Source: gitlab.Ptr("api"), OrderBy: gitlab.Ptr("id"), Sort: gitlab.Ptr("desc")}))
	Same(listed[0].ID, made.ID)
}

func schedules() {
	schedule := Got(owner.PipelineSchedules.ListPipelineSchedules(project, nil))[0]
	read := Got(owner.PipelineSchedules.GetPipelineSchedule(project, schedule.ID))
	Same(read.NextRunAt.After(time.Time(*day(0))), true)
	count := func() int {
		return len(Got(owner.PipelineSchedules.ListPipelinesTriggeredBySchedule(project, schedule.ID, nil)))
	}
	before := count()
	Made(owner.PipelineSchedules.RunPipelineSchedule(project, schedule.ID))
	Until(func() bool { return count() == before+1 })
}

func issues() {
	issue := Got(owner.Issues.CreateIssue(tracker, &gitlab.CreateIssueOptions{Title: gitlab.Ptr("By Go"), Labels: &gitlab.LabelOptions{"a", "b"}, Confidential: gitlab.Ptr(true)}))
	listed := Got(owner.Issues.ListProjectIssues(tracker, &gitlab.ListProjectIssuesOptions{Labels: &gitlab.LabelOptions{"a", "b"}, State: gitlab.Ptr("opened"), IIDs: &[]int64{issue.IID}}))
	Same(len(listed), 1)
	note := Got(owner.Notes.CreateIssueNote(tracker, issue.IID, &gitlab.CreateIssueNoteOptions{Body: gitlab.Ptr("One"), Internal: gitlab.Ptr(true)}))
	Same(Got(owner.Notes.UpdateIssueNote(tracker, issue.IID, note.ID, &gitlab.UpdateIssueNoteOptions{Body: gitlab.Ptr("Two")})).Body, "Two")
	Made(owner.Notes.DeleteIssueNote(tracker, issue.IID, note.ID))
	Same(Got(owner.Issues.UpdateIssue(tracker, issue.IID, &gitlab.UpdateIssueOptions{StateEvent: gitlab.Ptr("close")})).State, "closed")
	_, response, err := owner.Issues.CreateIssue(tracker, &gitlab.CreateIssueOptions{Title: gitlab.Ptr("")})
	Same(status(response, err), http.StatusBadRequest)
}

func mergeRequests() {
	Got(owner.Commits.CreateCommit(tracker, &gitlab.CreateCommitOptions{Branch: gitlab.Ptr("by-go"), StartBranch: gitlab.Ptr("main"), CommitMessage: gitlab.Ptr("By Go"),
		Actions: []*gitlab.CommitActionOptions{{Action: gitlab.Ptr(gitlab.FileCreate), FilePath: gitlab.Ptr("go.txt"), Content: gitlab.Ptr("One\n")}}}))
	request := Got(owner.MergeRequests.CreateMergeRequest(tracker, &gitlab.CreateMergeRequestOptions{SourceBranch: gitlab.Ptr("by-go"), TargetBranch: gitlab.Ptr("main"), Title: gitlab.Ptr("By Go")}))
	Got(owner.Notes.CreateMergeRequestNote(tracker, request.IID, &gitlab.CreateMergeRequestNoteOptions{Body: gitlab.Ptr("One")}))
	Same(len(Got(owner.Notes.ListMergeRequestNotes(tracker, request.IID, nil))), 1)
	open := Got(owner.MergeRequests.ListProjectMergeRequests(tracker, &gitlab.ListProjectMergeRequestsOptions{State: gitlab.Ptr("opened"), SourceBranch: gitlab.Ptr("by-go")}))
	Same(len(open), 1)
	Same(Got(owner.MergeRequests.AcceptMergeRequest(tracker, request.IID, nil)).State, "merged")
}

func main() {
	Introduce("gitlab.com/gitlab-org/api/client-go/v2")
	Step("service accounts of a group, and their tokens", groupAccounts)
	Step("service accounts of a project, and their tokens", projectAccounts)
	Step("service accounts of the instance, deleted as users", instanceAccounts)
	Step("access tokens of a group and of a project: made, listed, rotated, revoked", accessTokens)
	Step("members of a project and a group: added, listed, changed, removed", members)
	Step("variables of a project, a group and the instance, with scopes", variables)
	Step("pipelines and jobs: created, listed, retried, traces read", pipelines)
	Step("pipeline schedules: listed, read, played, their pipelines and their next run", schedules)
	Step("issues and notes", issues)
	Step("merge requests and notes, over a commit of a branch", mergeRequests)
}
