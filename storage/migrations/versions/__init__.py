"""The steps, one module each; a step that was released is never edited.

Numbers name the steps, `down_revision` orders them: 0013 was merged before 0010, and there never was a 0009.
"""
