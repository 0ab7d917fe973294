# Warnings, sanitizers and hardening that every target of the project shares.
add_library(mo_options INTERFACE)
target_compile_options(mo_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
if(MO_WERROR)
  target_compile_options(mo_options INTERFACE -Werror)
endif()
if(MO_SANITIZE)
  target_compile_options(mo_options INTERFACE -fsanitize=${MO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(mo_options INTERFACE -fsanitize=${MO_SANITIZE})
endif()
# What turns a write outside a buffer into an end of the program; sanitizers and debug builds do more.  Programs are
# position-independent (CMAKE_POSITION_INDEPENDENT_CODE), also where the compiler does not link them so by itself, and
# their tables of functions are read-only once they run.
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
if(NOT MO_SANITIZE)
  if(UNIX AND NOT APPLE)
    target_link_options(mo_options INTERFACE LINKER:-z,relro,-z,now)
  endif()
  set(fortified 2)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12)
    set(fortified 3)
  endif()
  target_compile_options(mo_options INTERFACE -fstack-protector-strong
    "$<$<CONFIG:Release,RelWithDebInfo>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=${fortified}>")
  if(WIN32)
    target_link_options(mo_options INTERFACE -fstack-protector-strong)  # where that is a library of its own
  endif()
endif()
# GCC 12 reports overlapping copies inside its own std::string operator+ (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(mo_options INTERFACE -Wno-restrict)
endif()
if(MO_STATIC AND WIN32)
  target_link_options(mo_options INTERFACE -static)  # all but the system's own libraries
elseif(MO_STATIC)
  target_link_options(mo_options INTERFACE -static-libstdc++ -static-libgcc)
  # libstdc++'s random_device, which nothing here makes, is all that asks for a glibc of 2022.
  target_link_options(mo_options INTERFACE LINKER:--defsym=arc4random=abort)
endif()
