/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include "record/writer.h"
#include "support/scratch.h"
#include "unit/record_runs.h"

TestSuite(layout, .init = scratch_enter, .fini = scratch_leave);

/* What H5DS, which other programs read with, finds in a file. */
struct found {
    int scales, attached;
};

static herr_t see_scale(hid_t dataset, unsigned dimension, hid_t scale, void *data) {
    cr_assert_eq(H5DSis_attached(dataset, scale, dimension), 1, "known to the variable and to the dimension");
    ++*(int *)data;
    return 0;
}

static herr_t see_object(hid_t file, const char *name, const H5L_info_t *info, void *data) {
    struct found *found = data;
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(dataset);
    int rank = H5Sget_simple_extent_ndims(space);
    (void)info;
    if (H5DSis_scale(dataset) > 0) {
        found->scales++;
    } else {
        for (int k = 0; k < rank; k++) {
            cr_assert_eq(H5DSget_num_scales(dataset, (unsigned)k), 1, "%s", name);
            cr_assert_geq(H5DSiterate_scales(dataset, (unsigned)k, NULL, see_scale, &found->attached), 0);
        }
    }
    H5Sclose(space);
    H5Dclose(dataset);
    return 0;
}

/* We write the lists that tie variables and dimensions ourselves; H5DS must read them as its own. */
Test(layout, every_dimension_is_attached_as_by_H5DS) {
    const char *const regimes[] = {"minusma"};
    struct pko_scenario *scenario = runs_scenario((struct runs_shape){30, 3, 2, true, true});
    const struct pko_file_plan plan = {scenario, regimes, 1, 0, 1, "pkosim run tiny", 1};
    struct pko_observer *observer = runs_observer(scenario, 0, 0);
    struct pko_writer *writer;
    cr_assert_eq(pko_writer_open("one.h5", true, &plan, &writer, NULL), 0);
    cr_assert_eq(pko_writer_add(writer, 0, 0, observer), 0);
    cr_assert_eq(pko_writer_commit(writer, 1, NULL), 0);
    pko_writer_free(writer);
    pko_observer_free(observer);

    struct found found = {0, 0};
    hid_t file = H5Fopen("one.h5", H5F_ACC_RDONLY, H5P_DEFAULT);
    cr_assert_geq(H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, NULL, see_object, &found), 0);
    H5Fclose(file);
    cr_expect_gt(found.scales, 10);
    cr_expect_gt(found.attached, 70);
    pko_scenario_free(scenario);
}
