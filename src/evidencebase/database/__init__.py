"""The database: a function of the records and the lock, written in one piece."""

from evidencebase.database.build import Built, build_database
from evidencebase.database.opening import APPLICATION_ID

__all__ = ["APPLICATION_ID", "Built", "build_database"]
