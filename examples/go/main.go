package main

import (
	"pat-rotation.local/pat-rotation/sdk/go/patrotation"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		inventory, err := patrotation.NewAccount(ctx, "inventory", &patrotation.AccountArgs{
			Fleet: pulumi.String("sandbox"),
			Account: patrotation.ServiceAccountArgs{
				Group: pulumi.String("security"), Username: pulumi.String("gl-security-inventory"),
			},
			Token: patrotation.TokenArgs{
				Name:        pulumi.String("GitLab Security Service - Architecture - Inventory"),
				Description: pulumi.String("Lets the GitLab Inventory Builder read the API"),
				Scopes:      pulumi.StringArray{pulumi.String("api")},
				ScopeReason: pulumi.String("The runbook asks for api"),
			},
			Rotation: patrotation.RotationArgs{
				StartsOn: pulumi.String("2026-11-23"), EveryDays: pulumi.Int(336),
				Weekday: pulumi.String("monday"), OverlapDays: pulumi.Int(7),
			},
			Adopt: &patrotation.AdoptArgs{TokenId: pulumi.Int(1201), ExpiresAt: pulumi.String("2026-11-23")},
			OnePassword: patrotation.OnePasswordArray{patrotation.OnePasswordArgs{
				Vault: pulumi.String("Security"),
				Item:  pulumi.String("GitLab Security Service - Architecture - Inventory"),
				Field: pulumi.String("credential"),
			}},
			Variables: patrotation.VariableArray{patrotation.VariableArgs{
				Project: pulumi.String("security/inventory-builder"), Key: pulumi.String("GITLAB_API_TOKEN"),
				Masked: pulumi.Bool(true), Protected: pulumi.Bool(true),
			}},
			Proof: patrotation.ProofArray{patrotation.ProofArgs{
				Project:  pulumi.String("security/inventory-builder"),
				Schedule: pulumi.String("Weekly - Monday mornings"),
				Jobs:     pulumi.StringArray{pulumi.String("build-inventory")},
			}},
		})
		if err != nil {
			return err
		}
		ctx.Export("generation", inventory.State.Generation())
		ctx.Export("fault", inventory.Fault)
		return nil
	})
}
