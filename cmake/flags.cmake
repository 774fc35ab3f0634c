# How everything of ours is compiled: one interface library, galvan_flags, that every target links.
include(CheckCCompilerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(galvan_flags INTERFACE)
target_compile_options(galvan_flags INTERFACE
    -pedantic -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wundef -Wvla -Wformat=2 -Wwrite-strings -Wpointer-arith
    -ffunction-sections -fdata-sections
    "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=") # __FILE__ reads src/room/file.c wherever it is built
if(GALVAN_WERROR)
    target_compile_options(galvan_flags INTERFACE -Werror)
endif()

if(GALVAN_SANITIZE AND GALVAN_TSAN)
    message(FATAL_ERROR "GALVAN_SANITIZE and GALVAN_TSAN cannot be had in one build")
endif()
set(sanitizers "")
if(GALVAN_SANITIZE OR GALVAN_FUZZ)
    list(APPEND sanitizers address undefined)
endif()
if(GALVAN_TSAN)
    list(APPEND sanitizers thread)
endif()
if(GALVAN_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "GALVAN_FUZZ needs clang: configure with -DCMAKE_C_COMPILER=clang")
    endif()
    target_compile_options(galvan_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(sanitizers)
    list(JOIN sanitizers "," sanitizers)
    set(sanitizer_flags -fsanitize=${sanitizers})
    target_compile_options(galvan_flags INTERFACE
        ${sanitizer_flags} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(galvan_flags INTERFACE ${sanitizer_flags})
else()
    # A hardened build: what a fault could still do is made smaller. FORTIFY needs an optimizer.
    foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
        string(MAKE_C_IDENTIFIER "have${flag}" have)
        check_c_compiler_flag(${flag} ${have})
        if(${have})
            target_compile_options(galvan_flags INTERFACE ${flag})
        endif()
    endforeach()
    target_compile_options(galvan_flags INTERFACE
        "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
    target_link_options(galvan_flags INTERFACE
        -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
endif()
