/* cortex_m4.c: starts a program of newlib on a Cortex-M4 that QEMU imitates (mps2-an386): the vectors, the floating-point
 * unit, and files and output by semihosting. */
#include <stdint.h>
#include <stdlib.h>

int main(void);
void initialise_monitor_handles(void);
void reset(void);

enum { STACK = 0x20100000 };

__attribute__((section(".vectors"), used)) static const uintptr_t vectors[16] = {STACK, (uintptr_t)reset};

void reset(void)
{
    volatile uint32_t *const coprocessors = (volatile uint32_t *)0xe000ed88;

    *coprocessors |= 0xfu << 20;
    __asm__ volatile("dsb\n\tisb");
    initialise_monitor_handles();
    exit(main());
}

/* newlib calls them where a program begins and ends. */
void _init(void);
void _init(void)
{
}

void _fini(void);
void _fini(void)
{
}
