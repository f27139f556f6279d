package main

import (
	"pat-rotation.local/pat-rotation/sdk/go/patrotation"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		inventory, err := patrotation.NewAccount(ctx, "inventory", &patrotation.AccountArgs{
			Fleet: "sandbox",
			Account: patrotation.ServiceAccount{
				Group: pulumi.StringRef("security"), Username: pulumi.StringRef("gl-security-inventory"),
			},
			Token: patrotation.Token{
				Name:        "GitLab Security Service - Architecture - Inventory",
				Description: pulumi.StringRef("Lets the GitLab Inventory Builder read the API"),
				Scopes:      []string{"api"},
				ScopeReason: pulumi.StringRef("The runbook asks for api"),
			},
			Rotation: patrotation.Rotation{
				StartsOn: "2026-11-23", EveryDays: pulumi.IntRef(336),
				Weekday: pulumi.StringRef("monday"), OverlapDays: pulumi.IntRef(7),
			},
			Adopt: &patrotation.Adopt{TokenId: 1201, ExpiresAt: "2026-11-23"},
			OnePassword: []patrotation.OnePassword{{
				Vault: "Security",
				Item:  pulumi.StringRef("GitLab Security Service - Architecture - Inventory"),
				Field: pulumi.StringRef("credential"),
			}},
			Variables: []patrotation.Variable{{
				Project: pulumi.StringRef("security/inventory-builder"), Key: "GITLAB_API_TOKEN",
				Masked: pulumi.BoolRef(true), Protected: pulumi.BoolRef(true),
			}},
			Proof: []patrotation.Proof{{
				Project:  "security/inventory-builder",
				Schedule: pulumi.StringRef("Weekly - Monday mornings"),
				Jobs:     []string{"build-inventory"},
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
