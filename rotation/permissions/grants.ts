/** The page and the release that the list was made from, and its day. */
export const permissionSource =
  "GitLab's page of fine-grained permissions for the REST API, as of GitLab 19.6 (November 2026)";

/**
 * What a fine-grained token can be permitted, by resource: each action with the kinds of places it can be given for, by their
 * first letters (project, group, user, instance). A resource and an action make a name: `job` and `run` are `run_job`. Git's
 * own come from the page on Git and other operations.
 */
export const permissionList = `
access_request approve:pg create:u delete:pgu read:pg
active_context_collection update:i
active_context_connection read:i update:i
active_context_dead_queue clear:i replay:i
active_context_enabled_namespace update:i
activity read:u
activity_analytics read:g
add_on_purchase create:i read:i update:i
admin_data_management read:i update:i
admin_member_role create:i delete:i read:i
ai_agent_audit_event create:p
ai_agent_identity create:p
ai_agent_session create:p read:p update:p
ai_catalog_external_agent create:i
alert_metric_image create:p delete:p read:p update:p
alias create:i delete:i read:i
any_token read:i revoke:i
application_appearance read:i update:i
application_setting read:i update:i
approval_configuration read:p update:p
approval_rule create:pg delete:p read:pg update:pg
approval_setting read:pg update:pg
artifact delete:p
association read:u
attestation read:p
audit_event read:pgi
avatar read:pgu update:u
badge create:pg delete:pg read:pg update:pg
batched_background_migration read:i run:i
batched_background_operation read:i run:i
branch create:p delete:p protect:pg read:p
broadcast_message create:i delete:i update:i
catalog_version publish:p
chat_completion create:u
ci_config read:p validate:p
ci_minute create:gu transfer:gu
cluster create:pgi delete:pgi read:pgi update:pgi
cluster_agent create:p delete:p read:p
cluster_agent_token create:p read:p revoke:p
cluster_agent_url_configuration create:p delete:p read:p
code download:p push:p read:p
code_review_analytics read:p
code_suggestion_completion create:u
code_suggestion_connection_detail read:u
code_suggestion_direct_access create:u
code_suggestion_enabled_status read:p
commit create:p delete:p read:p update:p
commit_status create:p
compliance_policy_setting read:i update:i
container_registry_protection_tag_rule create:p delete:p read:p update:p
container_repository delete:p read:pg
container_repository_protection_rule create:p delete:p read:p update:p
counts read:u
credit_card_validation update:i
custom_attribute delete:pgi read:pgi update:pgi
database_dictionary read:i
database_migration mark:i read:i
debian_distribution create:pg delete:pg read:pg update:pg
dependency read:p
dependency_firewall_evaluation create:p
dependency_list_export create:pg read:pg
dependency_proxy read:g
dependency_proxy_cache purge:g
deploy_key create:pi delete:p enable:p read:pui update:p
deploy_token create:pg delete:pg read:pgi
deployment approve:p create:p delete:p read:p update:p
dora_metric read:pg
duo_workflow create:u read:u restart:u resume:u
duo_workflow_direct_access_token create:u
editor_telemetry create:u
elasticsearch_indexed_namespace update:i
email create:ui delete:ui read:ui
enterprise_user delete:g disable_two_factor:g read:g update:g
environment create:p delete:p read:p stop:p update:p
error_tracking_client_key create:p delete:p read:p
error_tracking_setting read:p update:p
event read:pgu
experiment read:i
experiment_assignment create:i delete:i
experiment_cache delete:i
export create:pg download:pg read:pg
external_status_check read:p retry:p update:p
external_status_check_service create:p delete:p read:p update:p
feature delete:i read:i update:i
feature_flag create:p delete:p read:p update:p
feature_flag_settings update:p
feature_flag_user_list create:p delete:p read:p update:p
follower read:u
following read:u
freeze_period create:p delete:p read:p update:p
geo_node create:i delete:i read:i repair:i update:i
geo_site create:i delete:i read:i repair:i update:i
git_command create:u
gitlab_subscription create:gu read:gu update:gu
global_search use:pgu
glql read:u
gpg_key create:ui delete:ui read:u revoke:ui
group archive:g create:u delete:g read:gu share:g transfer:g update:g
identity delete:i
impersonation_token create:i read:i revoke:i
import cancel:ui create:pgui read:pi
integration delete:pg read:pg update:pg
internal_event track:i
invitation create:pg delete:pg read:pg update:pg
issuable_metric_image create:p delete:p read:p update:p
issue subscribe:p
jira_connect_subscription create:g
job delete:p read:p run:p update:p
job_artifact delete:p read:p update:p
job_token_scope read:p update:p
job_token_scope_allowlist create:p delete:p read:p
knowledge_graph_enabled_namespace create:i delete:i read:i
label create:pg delete:pg promote:p read:pg subscribe:pg update:pg
ldap_group read:i
ldap_group_link create:g delete:g read:g
ldap_sync run:g
license create:i delete:i read:i
license_billable_user refresh:i
markdown render:pu
markdown_upload create:pg delete:pg read:pg
mcp_tool execute:u
member create:pg delete:pg read:pg update:pg
member_role create:gi delete:gi read:gi
merge_request approve:p create:p delete:p merge:p read:pgu subscribe:p update:p
merge_request_approval_rule create:p delete:p read:p update:p
merge_train read:p
merge_train_merge_request add:p
metadata read:i
ml_experiment create:p delete:p read:p update:p
ml_model create:p delete:p read:p update:p
mlflow_artifact read:p
mlflow_run create:p delete:p log:p read:p update:p
mobile_push_subscription create:u delete:u
model_version create:p read:p update:p
namespace read:u update:i
namespace_storage_limit_exclusion create:i delete:i read:i
notification_setting read:u update:u
oauth_application create:ui delete:ui read:ui renew_secret:i update:u
offline_export create:u read:u
orbit read:u
organization create:i delete:i
package create:pg delete:pg read:pgi update:p
page delete:p read:p update:p
pages_domain create:p delete:p read:pi update:p verify:p
personal_access_token create:ui read:gu revoke:gu rotate:gu
pipeline create:p delete:p read:pu update:p
pipeline_schedule create:p delete:p read:p update:p
placeholder_reassignment create:g read:g
plan_limit read:i update:i
policy_store_policy create:gi delete:gi read:gi update:gi
preference read:u update:u
project archive:p create:u delete:p fork:p read:pgu share:pg transfer:pi update:p
protected_branch read:pg update:pg
protected_environment create:pg delete:pg read:pg update:pg
protected_tag read:p
provisioned_user read:g
pull_mirror create:p read:p update:p
push_rule create:pg delete:pg read:pg update:pg
release create:p delete:p read:pg update:p
release_link create:p delete:p read:p update:p
remote_mirror create:p delete:p read:p update:p
remote_mirror_public_key read:p
repository create:p delete:p read:p update:p
repository_storage_move create:pgi read:pgi
repository_submodule update:p
repository_tag create:p delete:p read:p
resource_access_token create:pg delete:pg read:pg rotate:pg
resource_group read:p update:p
runner assign:p create:u delete:pgi read:pgui update:pgi
runner_controller create:i delete:i read:i update:i
runner_controller_token create:i read:i revoke:i rotate:i
runner_registration_token reset:pgi
saml_group_identity delete:g read:g update:g
saml_group_link create:g delete:g read:g
saml_user read:g
sbom_occurrence read:p
scim_identity delete:g read:g update:g
search_migration read:i
secrets_manager_api_jwt create:pg
secure_file create:p delete:p read:p
security_scan create:p
security_setting read:p update:pg
service_account create:pgi delete:pg read:pgi update:pgi
service_account_personal_access_token create:pg read:pg revoke:pg rotate:pg
service_ping read:i
sidekiq_job drop:i
sidekiq_metric read:i
snapshot read:p
snippet create:pu delete:pu read:pui update:pu
ssh_certificate create:gi delete:gi read:gi
ssh_key create:ui delete:gui read:gui
statistic read:pi
status read:u update:u
suggestion apply:p
support_pin create:u read:ui revoke:i
tag protect:p
template read:p
terraform_state create:p delete:p lock:p read:p
terraform_state_protection_rule create:p delete:p update:p
third_party_agent_direct_access_token create:u
todo create:pg read:u update:u
topic create:i delete:i merge:i update:i
trigger create:p delete:p read:p update:p
usage_data_metric read:i update:i
usage_data_query read:i
user activate:i approve:i ban:i block:i create:i deactivate:i delete:i disable_two_factor:i follow:u read:ui
user reject:i unban:i unblock:i unfollow:u update:i
variable create:pgi delete:pgi read:pgi update:pgi
virtual_registry create:g delete:g read:g update:g
virtual_registry_cleanup_policy create:g delete:g read:g update:g
vscode_setting delete:u read:u update:u
vulnerability create:p read:p update:p
vulnerability_archive_export create:p read:p
vulnerability_export create:pgi read:i
vulnerability_flag update:p
vulnerability_issue_link create:p delete:p read:p
vulnerability_note create:p delete:p read:p update:p
webhook create:pgi delete:pgi read:pgi trigger:pgi update:pgi
wiki create:pg delete:pg read:pg update:pg
work_item create:pg delete:pg read:pgui subscribe:pg update:pg
zoekt_index update:i
zoekt_namespace create:i delete:i update:i
zoekt_node read:i
`;
