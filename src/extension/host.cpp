#include "extension/host.h"

#include "caffe/layer_context.h"
#include "extension/call.h"

namespace mo::extension {

namespace {

std::int32_t say_failure(mo_call* call, mo_text cause, mo_text remedy) noexcept {
  return guarded(call, [&](const mo_call& c) {
    std::string text = (c.where.empty() ? "" : c.where + " of " + c.library + ": ");
    text += to_view(c, cause);
    fail(c, std::move(text), std::string(to_view(c, remedy)));
  });
}

std::int32_t say_warning(mo_call* call, mo_text cause, mo_text remedy) noexcept {
  return guarded(call, [&](const mo_call& c) {
    std::string text = c.where + " of " + c.library + ": " + std::string(to_view(c, cause));
    std::string help(to_view(c, remedy));
    if (c.layer != nullptr)
      c.layer->note(code::extension_failed, Severity::warning, std::move(text), std::move(help));
    else if (c.diagnostics != nullptr)
      c.diagnostics->warning(code::extension_failed, std::move(text), std::move(help));
    else
      fail(c, "warn is for layers and passes");
  });
}

mo_host make_host() {
  mo_host table{};
  table.size = sizeof(mo_host);
  table.abi = MO_EXTENSION_ABI;
  table.fail = say_failure;
  table.warn = say_warning;
  fill_registration(table);
  fill_layer(table);
  fill_nodes(table);
  fill_rewrite(table);
  fill_spelling(table);
  return table;
}

}  // namespace

const mo_host& host() {
  static const mo_host table = make_host();
  return table;
}

}  // namespace mo::extension
