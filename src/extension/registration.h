#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "extension/extensions.h"

namespace mo::extension {

/// Takes what one library offers, while its mo_extension_register runs.
class Registration {
 public:
  Registration(std::shared_ptr<const Library> library, Extensions& extensions)
      : library_(std::move(library)), extensions_(extensions) {}

  void add(const mo_call& call, const mo_layer_def& definition);
  void add(const mo_call& call, const mo_op_def& definition);
  void add(const mo_call& call, const mo_pass_def& definition);
  void disable_layer(const mo_call& call, std::string_view type);
  void disable_pass(const mo_call& call, std::string_view name);

 private:
  Callback callback(void* self, std::string where) const;
  /// From now on `release` is called when nothing needs the callback any more.
  static void hand_over(const Callback& callback, void (*release)(void*));

  std::shared_ptr<const Library> library_;
  Extensions& extensions_;
};

/// What the library gave for the callback.
void* own_part(const Callback& callback);

}  // namespace mo::extension
