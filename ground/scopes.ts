/** GitLab's scopes of personal access tokens, as far as we know them: a later GitLab may have more. */
export const knownScopes: readonly string[] = (
  "api read_api read_user read_repository write_repository read_registry write_registry read_virtual_registry " +
  "write_virtual_registry create_runner manage_runner ai_features k8s_proxy self_rotate sudo admin_mode " +
  "read_service_ping"
).split(" ");
