"""What tests of searches share."""

import small_data
from calling import QUICK

SHORT = [*QUICK, *small_data.OVERRIDES, "tracking.enabled=false", "trainer.max_epochs=4"]
MADE_FROM = {"model": {"_target_": "net", "blocks": 2}, "code": "1"}
