module inventory

go 1.25

require github.com/pulumi/pulumi/sdk/v3 v3.274.1

// Made by "pulumi package add", of the folder or of the installed plugin.
replace pat-rotation.local/pat-rotation/sdk/go => ./sdks/pat-rotation
