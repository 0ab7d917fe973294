#pragma once

#include "mo/extension.h"

namespace mo::extension {

/// mo's functions for extension libraries.
const mo_host& host();

// The parts of the table, each filled in by the file of its name.
void fill_registration(mo_host& table);
void fill_layer(mo_host& table);
void fill_nodes(mo_host& table);
void fill_rewrite(mo_host& table);
void fill_spelling(mo_host& table);

}  // namespace mo::extension
