"""Which class or function a name means, found by module and never by bare name."""
