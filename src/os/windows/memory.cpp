#include "os/memory.h"

#include <algorithm>

#include "os/windows/system.h"

namespace mo::os {

std::shared_ptr<const void> zero_pages(std::size_t size) {
  void* const pages = ::VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
  if (pages == nullptr) return nullptr;
  return {pages, [](void* start) { ::VirtualFree(start, 0, MEM_RELEASE); }};
}

std::uint64_t available_memory() {
  MEMORYSTATUSEX status{};
  status.dwLength = sizeof status;
  return ::GlobalMemoryStatusEx(&status) != 0 ? status.ullAvailPageFile : 0;
}

/// A job of its own, which lives as long as the process.
void limit_memory(std::uint64_t bytes) {
  const HANDLE job = ::CreateJobObjectW(nullptr, nullptr);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY;
  limits.ProcessMemoryLimit = bytes;
  if (job != nullptr &&
      ::SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits) != 0)
    ::AssignProcessToJobObject(job, ::GetCurrentProcess());
}

/// For the children that Windows does not have.
void limit_further_memory(std::uint64_t /*bytes*/) {}

}  // namespace mo::os
