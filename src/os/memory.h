#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace mo::os {

/// Read-only zeros that take no memory, or none before they are read; nothing when there is no room.
std::shared_ptr<const void> zero_pages(std::size_t size);

/// Bytes that the machine, or the group of processes that this one belongs to, can give without swapping
/// others out; 0 when that cannot be told.
std::uint64_t available_memory();

/// Bounds the private writable memory of this process: taking more throws std::bad_alloc.  Mapped files do
/// not count.  Does nothing when the process has more already.
void limit_memory(std::uint64_t bytes);

/// The same, as that much more than it has.
void limit_further_memory(std::uint64_t bytes);

}  // namespace mo::os
