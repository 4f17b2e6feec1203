"""What regression suites are made with."""
