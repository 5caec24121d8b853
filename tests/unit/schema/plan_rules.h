// SPDX-License-Identifier: MPL-2.0
// What Terraform's core demands of plans, stated again from its side (facts: protocol, 6.2 to 6.4), so that a plan can
// be held against it without a host.
#ifndef VNS_TESTS_PLAN_RULES_H
#define VNS_TESTS_PLAN_RULES_H

#include "base/arena.h"
#include "schema/plan.h"
#include "schema/row.h"
#include "value/value.h"

// Empty when core takes the plan, else where and why it does not. `prior` may be null.
struct text plan_rules_check(struct arena *arena, const struct row *rows, const struct value *prior,
			     const struct value *config, const struct value *planned);
// Empty when each path of the result's requires_replace is that of an attribute whose value changes: core refuses
// others, and replaces nothing for a value that stays. `prior` may be null: then nothing can be replaced.
struct text plan_rules_replaces(struct arena *arena, const struct row *rows, const struct value *prior,
				const struct plan_result *result);
// Empty when `later` (the plan made during the apply, or the state after it) keeps what `planned` promised.
struct text plan_rules_keeps(struct arena *arena, const struct value *planned, const struct value *later);

#endif
