"""`python -m evidencebase` is the `evidence` command."""

from evidencebase.cli import main

main()
