# SPDX-License-Identifier: MPL-2.0
"""Every row of known differences says where github.com/aws/aws-sdk-go-v2 (for internal/service: the AWS provider) does what
the row says, as "(FILE: FUNCTION, ...; FILE: ...)" at its end, or begins by saying that this provider has its own way."""

import re
import sys

PLACE = r"(?:config|internal/ini|(?:internal/)?service/[\w*]+)/\w+\.go: \w+(?:, \w+)*"
CITED = re.compile(rf"this provider: .+|.+ \({PLACE}(?:; {PLACE})*\)")


def require(rows):
    for why, _ in rows:
        if not CITED.fullmatch(why):
            sys.exit(f"a row that cites nothing explains nothing: {why}")
