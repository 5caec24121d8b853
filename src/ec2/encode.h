// SPDX-License-Identifier: MPL-2.0
// From values to the parameters of a request, by the rows that have an EC2 name.
#ifndef VNS_EC2_ENCODE_H
#define VNS_EC2_ENCODE_H

#include "aws/query.h"
#include "schema/row.h"
#include "value/value.h"

#include <stdbool.h>

// What a create says: every row with a value. An empty text is not said: EC2 has no difference between "" and none.
void encode_create(struct query *query, const struct row *rows, const struct value *planned);

// What a modify says to get from `state`, which exists, to `planned`: rows that differ and do not need another object,
// and RemoveField.N for ROW_CLEARABLE rows whose value goes. A value that is planned unknown goes too, since it is
// given back to EC2 to assign; unless `config` (the configured object, or a null) has one. A configured value that EC2
// would assign another for, because the object moves (row_moves), is said again. Returns whether there was anything to
// say.
bool encode_modify(struct query *query, const struct row *rows, const struct value *state, const struct value *planned,
		   const struct value *config);

// The row of that EC2 name, or NULL.
const struct row *encode_row(const struct row *rows, struct text ec2_name);

#endif
