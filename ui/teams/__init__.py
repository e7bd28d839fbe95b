"""服务团: teams, their members and figures."""
