/* version.c: says which libnnrun it has. */
#include <nnrun/nnrun.h>
#include <stdio.h>

int main(void)
{
    return puts(nnrun_version()) < 0;
}
