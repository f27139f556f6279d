// What is bundled, and evaluated anew for each run: the providers with all that they remember within one.
export { provider as gitlab } from "../../../providers/gitlab/provider";
export { Service } from "../../../providers/host/service";
export { provider as onepassword } from "../../../providers/onepassword/provider";
export { provider as runbook } from "../../../providers/runbook/provider";
