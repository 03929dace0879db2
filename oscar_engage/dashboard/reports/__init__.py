"""Reports in the dashboard: what each rule brought, in both arms."""
