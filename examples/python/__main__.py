import pulumi
import pulumi_pat_rotation as rotation

inventory = rotation.Account(
    "inventory",
    fleet="sandbox",
    account=rotation.ServiceAccountArgs(group="security", username="gl-security-inventory"),
    token=rotation.TokenArgs(
        name="GitLab Security Service - Architecture - Inventory",
        description="Lets the GitLab Inventory Builder read the API",
        scopes=["api"],
        scope_reason="The runbook asks for api",
    ),
    rotation=rotation.RotationArgs(starts_on="2026-11-23", every_days=336, weekday="monday", overlap_days=7),
    adopt=rotation.AdoptArgs(token_id=1201, expires_at="2026-11-23"),
    one_password=[
        rotation.OnePasswordArgs(
            vault="Security", item="GitLab Security Service - Architecture - Inventory", field="credential"
        )
    ],
    variables=[
        rotation.VariableArgs(
            project="security/inventory-builder", key="GITLAB_API_TOKEN", masked=True, protected=True
        )
    ],
    proof=[
        rotation.ProofArgs(
            project="security/inventory-builder", schedule="Weekly - Monday mornings", jobs=["build-inventory"]
        )
    ],
)
pulumi.export("generation", inventory.state.apply(lambda state: state.generation if state else None))
pulumi.export("fault", inventory.fault)
