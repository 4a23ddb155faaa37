/* The module has no locale; without this, libc would bring files and the environment with it. */
#pragma once
#define LC_ALL 6
#define setlocale(category, name) ((void)0)
